/**
 * Tensors: the BERT backbone, the Condenser head, the MLM head, bi-encoder and cross-encoder, and
 * their checkpoints in Hugging Face's layout and names.
 *
 * <p>Shapes are given in these letters throughout:
 *
 * <table>
 * <caption>Legend of dimensions</caption>
 * <tr><td>B</td><td>rows of a batch</td></tr>
 * <tr><td>L</td><td>tokens of a row, padding included</td></tr>
 * <tr><td>H</td><td>hidden size</td></tr>
 * <tr><td>A</td><td>attention heads; D = H / A</td></tr>
 * <tr><td>I</td><td>intermediate size</td></tr>
 * <tr><td>V</td><td>vocabulary</td></tr>
 * <tr><td>M</td><td>masked positions</td></tr>
 * <tr><td>Q, P</td><td>queries, passages</td></tr>
 * </table>
 *
 * <p>Tensors live outside the heap. A method that returns a {@link org.bytedeco.pytorch.Tensor}
 * leaves it to the caller's {@link org.bytedeco.javacpp.PointerScope}; parameters live outside
 * every scope until their {@link io.condenser.model.Parameters} is closed.
 */
@NullMarked
package io.condenser.model;

import org.jspecify.annotations.NullMarked;
