package io.condenser.model;

import org.bytedeco.pytorch.global.torch;

/** What the tensor library works with on this machine. */
public final class Machine {
  private Machine() {}

  /** One line: threads, and whose matrix products. */
  public static String describe() {
    boolean mkl = "mkl".equals(System.getProperty("org.bytedeco.openblas.load"));
    return "%d threads; float32 products by %s, bfloat16 by oneDNN"
        .formatted(torch.get_num_threads(), mkl ? "MKL" : "OpenBLAS");
  }
}
