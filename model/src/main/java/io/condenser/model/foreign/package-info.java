/**
 * Checkpoints of other makers, as bytes: Hugging Face and sentence-transformers folders, PyTorch
 * archives, published Condenser checkpoints, TensorFlow checkpoints and ONNX graphs in jars. {@link
 * io.condenser.model.foreign.ForeignCheckpoint} tells them apart, {@link
 * io.condenser.model.foreign.Pretrained} is what each becomes. Needs no tensor library and runs no
 * code of the files it reads.
 */
@NullMarked
package io.condenser.model.foreign;

import org.jspecify.annotations.NullMarked;
