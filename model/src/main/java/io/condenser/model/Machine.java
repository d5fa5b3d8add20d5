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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;

/** What the tensor library works with on this machine, and in this process. */
public final class Machine {
  private static final double GIBIBYTE = 1L << 30;
  private static final Path MEMORY = Path.of("/proc/meminfo");

  /** The C library's {@code int malloc_trim(size_t)}, where it is glibc. */
  private static final Optional<MethodHandle> TRIM =
      function("malloc_trim", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

  /** The C library's {@code void _exit(int)}. */
  private static final Optional<MethodHandle> EXIT =
      function("_exit", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));

  private static Device device = Device.AUTO;

  private Machine() {}

  /**
   * Lets all tensors that are made from now on lie where {@code choice} says, and be computed
   * there. What was made before stays where it is.
   *
   * @throws io.condenser.storage.InputException if it is {@link Device#CUDA}, and there is none
   */
  public static synchronized void useDevice(Device choice) {
    device = choice == Device.AUTO ? choice : choice.here(); // auto may load much: when needed
  }

  /** What computes tensors, not {@link Device#AUTO}. */
  public static synchronized Device device() {
    if (device == Device.AUTO) {
      device = Device.AUTO.here();
    }
    return device;
  }

  /** One line: what computes, with how much, and of which kind the faster products are. */
  public static String describe() {
    if (device() == Device.CUDA) {
      Cuda.Memory memory = Cuda.memory();
      return "a GPU of compute capability %d with %.1f of %.1f GiB free; %s products are faster"
          .formatted(
              Cuda.capability(),
              memory.free() / GIBIBYTE,
              memory.all() / GIBIBYTE,
              Precision.AUTO.here() == Precision.BF16 ? "bfloat16" : "float16");
    }
    boolean mkl = "mkl".equals(System.getProperty("org.bytedeco.openblas.load"));
    Cuda cuda = Cuda.find();
    return "%d threads; float32 products by %s, bfloat16 by oneDNN, which are %s here%s"
        .formatted(
            torch.get_num_threads(),
            mkl ? "MKL" : "OpenBLAS",
            ProductSpeed.bf16IsFaster() ? "faster" : "slower",
            cuda.inBuild() && cuda.gpus() == 0 ? "; no GPU: " + cuda.absence() : "");
  }

  /** Why the tensor library does not load, and what to do. */
  public static String explain(UnsatisfiedLinkError failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) { // JavaCPP looks elsewhere, too, and reports that
      cause = cause.getCause();
    }
    return "the tensor library does not load: "
        + Cuda.reason(cause)
        + (Cuda.isInBuild() ? "\nthis build is one for GPUs, and needs " + Cuda.LIBRARIES : "");
  }

  /**
   * What stands in {@code CUDA_VISIBLE_DEVICES} of processes that are to have a GPU each; empty
   * where the processor computes.
   */
  public static List<String> gpus() {
    return device() == Device.CUDA ? Cuda.find().names() : List.of();
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

  /**
   * Bytes that the tensors of this process may still take: all that is free of its GPU, or its
   * share of what is free of the machine's memory.
   *
   * @param processes that share the machine's memory; each has a GPU of its own
   */
  public static long freeForTensors(int processes) {
    return device() == Device.CUDA ? Cuda.memory().free() : freeMemory() / processes;
  }

  /** Comes back once all that was asked of the GPU is done; a processor is always done. */
  public static void awaitDevice() {
    if (device() == Device.CUDA) {
      torch.cuda_synchronize();
    }
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
   * Whether the tensor library failed for want of memory, the processor's or the GPU's. It has no
   * exception of its own for it on the JVM.
   */
  public static boolean isFull(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("can't allocate memory")
        || message.contains("not enough memory")
        || message.contains("out of memory");
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
