package io.condenser.model;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/** What the tensor library works with on this machine. */
public final class Machine {
  /** The C library's {@code int malloc_trim(size_t)}, where it is glibc. */
  private static final Optional<MethodHandle> TRIM = trim();

  private Machine() {}

  /** One line: threads, and whose matrix products. */
  public static String describe() {
    boolean mkl = "mkl".equals(System.getProperty("org.bytedeco.openblas.load"));
    return "%d threads; float32 products by %s, bfloat16 by oneDNN"
        .formatted(torch.get_num_threads(), mkl ? "MKL" : "OpenBLAS");
  }

  /**
   * Gives free memory between tensors back to the system. The C library keeps it otherwise, which
   * is what makes steps fast; but holes add up where tensors are of many sizes. Does nothing where
   * the C library is another.
   */
  public static void releaseFreeMemory() {
    TRIM.ifPresent(handle -> {
      try {
        int _ = (int) handle.invokeExact(0L);
      } catch (Throwable e) {
        throw new IllegalStateException("malloc_trim failed", e);
      }
    });
  }

  @SuppressWarnings("restricted") // a function of the C library that takes a number
  private static Optional<MethodHandle> trim() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("malloc_trim")
        .map(function ->
            linker.downcallHandle(
                function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));
  }
}
