package io.condenser.model;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;

/** What the tensor library works with on this machine. */
public final class Machine {
  private static final Path MEMORY = Path.of("/proc/meminfo");

  /** The C library's {@code int malloc_trim(size_t)}, where it is glibc. */
  private static final Optional<MethodHandle> TRIM =
      function("malloc_trim", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

  /** The C library's {@code void _exit(int)}. */
  private static final Optional<MethodHandle> EXIT =
      function("_exit", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));

  private Machine() {}

  /** One line: threads, whose matrix products, and of which kind the faster ones are. */
  public static String describe() {
    boolean mkl = "mkl".equals(System.getProperty("org.bytedeco.openblas.load"));
    return "%d threads; float32 products by %s, bfloat16 by oneDNN, which are %s here"
        .formatted(
            torch.get_num_threads(),
            mkl ? "MKL" : "OpenBLAS",
            ProductSpeed.bf16IsFaster() ? "faster" : "slower");
  }

  /** Threads that compute a tensor together. */
  public static int threads() {
    return torch.get_num_threads();
  }

  /** Lets so many threads compute a tensor together, where the calling thread asks for it. */
  public static void useThreads(int threads) {
    torch.set_num_threads(threads);
  }

  /**
   * Bytes that this process may still take: what the system has available, or its container, less
   * what the Java heap may grow by.
   */
  public static long freeMemory() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long free = system.getFreeMemorySize(); // a container's, where there is one
    if (kibibytes("MemTotal:").orElse(0) <= system.getTotalMemorySize()) {
      free = kibibytes("MemAvailable:").orElse(free); // counts what the system only caches
    }
    Runtime heap = Runtime.getRuntime();
    return free - (heap.maxMemory() - heap.totalMemory());
  }

  /** Bytes of an entry of the system's own account, where it keeps one. */
  private static OptionalLong kibibytes(String entry) {
    try (Stream<String> lines = Files.lines(MEMORY)) {
      return lines
          .filter(line -> line.startsWith(entry))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty(); // no Linux
    }
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

  /**
   * Ends the process at once, amid whatever its threads compute. The usual way out takes the tensor
   * library apart while it may still be at work, at which the JVM now and then crashes.
   */
  public static void exit(int status) {
    EXIT.ifPresent(handle -> {
      try {
        handle.invokeExact(status);
      } catch (Throwable e) {
        throw new IllegalStateException("_exit failed", e);
      }
    });
    Runtime.getRuntime().halt(status); // another C library
  }

  @SuppressWarnings("restricted") // functions of the C library that take a number
  private static Optional<MethodHandle> function(String name, FunctionDescriptor signature) {
    Linker linker = Linker.nativeLinker();
    return linker.defaultLookup().find(name).map(f -> linker.downcallHandle(f, signature));
  }
}
