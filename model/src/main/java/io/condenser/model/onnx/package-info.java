/**
 * ONNX, the format and its runtime: graphs of operators written as protocol buffers, and sessions
 * of ONNX Runtime that compute them. Knows nothing of what the graphs mean.
 */
@NullMarked
package io.condenser.model.onnx;

import org.jspecify.annotations.NullMarked;
