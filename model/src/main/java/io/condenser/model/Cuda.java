package io.condenser.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SizeTPair;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * What there is of NVIDIA's: the build's part of the tensor library (Maven profile {@code gpu}),
 * the system's libraries (CUDA 13, cuDNN 9, NCCL 2), and GPUs with a driver.
 *
 * @param inBuild whether the tensor library can compute on GPUs at all
 * @param unloaded why its part for GPUs does not load; null if it does, or is not in the build
 * @param visible the variable {@value #VISIBLE} of the environment; null if it is not set
 * @param gpus how many the process sees
 */
record Cuda(boolean inBuild, @Nullable String unloaded, @Nullable String visible, int gpus) {
  /** Says which GPUs a process sees, by number or name. */
  static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

  /** What a build for GPUs needs of the system. */
  static final String LIBRARIES =
      "CUDA 13, cuDNN 9 and NCCL 2, if need be with their folder in LD_LIBRARY_PATH (docs/gpu.md)";

  private static final boolean WINDOWS = Loader.getPlatform().startsWith("windows");

  /** The part for GPUs, where the build has it. */
  private static final String PART =
      "/org/bytedeco/pytorch/%s-gpu/%s"
          .formatted(Loader.getPlatform(), WINDOWS ? "torch_cuda.dll" : "libtorch_cuda.so");

  private static final String RUNTIME = WINDOWS ? "cudart64_13.dll" : "libcudart.so.13";

  /** {@code cudaDevAttrComputeCapabilityMajor} of the runtime's API. */
  private static final int CAPABILITY_MAJOR = 75;

  /** Looks at build and machine; loads the tensor library only if it can compute on GPUs. */
  static Cuda find() {
    String visible = System.getenv(VISIBLE);
    if (!isInBuild()) {
      return new Cuda(false, null, visible, 0);
    }
    int gpus = torch.cuda_device_count();
    return new Cuda(true, gpus == 0 ? obstacle() : null, visible, gpus);
  }

  /** Whether this build is one for GPUs. */
  static boolean isInBuild() {
    return Cuda.class.getResource(PART) != null;
  }

  /** The system's own words on what keeps the part for GPUs from loading. */
  @SuppressWarnings("restricted") // the tensor library's own
  private static @Nullable String obstacle() {
    try {
      System.load(Loader.cacheResource(torch.class, PART).getPath());
      return null;
    } catch (UnsatisfiedLinkError e) {
      return reason(e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack " + PART + ": " + e.getMessage(), e);
    }
  }

  /** What the system says of a library, without the folder that we put it into. */
  static String reason(Throwable failure) {
    return String.valueOf(failure.getMessage()).replaceFirst("^/.*/(?=[^/]+: )", "");
  }

  /** Why there is no GPU, and what to do. */
  String absence() {
    if (!inBuild) {
      return "this build knows the processor alone; make one for NVIDIA's GPUs with CONDENSER_GPU=1"
          + " in the environment of ./condenser (docs/gpu.md), or leave out --device";
    }
    if (unloaded != null) {
      return "its libraries do not load: " + unloaded + "\ninstall " + LIBRARIES;
    }
    return "no GPU is to be seen%s; nvidia-smi should list one, with a driver of version 580 or newer (docs/gpu.md)"
        .formatted(visible == null ? "" : " (%s is '%s')".formatted(VISIBLE, visible));
  }

  /** What stands in {@link #VISIBLE} of a process that is to see one GPU alone, for each GPU. */
  List<String> names() {
    return visible == null
        ? IntStream.range(0, gpus).mapToObj(Integer::toString).toList()
        : Arrays.stream(visible.split(",")).map(String::strip).limit(gpus).toList();
  }

  /** Free bytes of the GPU, and all of them. */
  record Memory(long free, long all) {}

  /** The memory of this process's GPU; what the tensor library holds without use is given back. */
  static Memory memory() {
    try (PointerScope _ = new PointerScope()) {
      torch.emptyCache();
      SizeTPair bytes = torch.getMemoryInfo((byte) 0);
      return new Memory(bytes.first(), bytes.second());
    }
  }

  /** The first number of the GPU's compute capability: 7 is Turing, 8 Ampere and Ada, 9 Hopper. */
  static int capability() {
    return Capability.MAJOR;
  }

  /** Asked once, when it is first needed. */
  private static final class Capability {
    static final int MAJOR = ask();

    /** {@code cudaError_t cudaDeviceGetAttribute(int *value, enum cudaDeviceAttr, int device)}. */
    @SuppressWarnings("restricted") // the runtime that the tensor library has loaded
    private static int ask() {
      try (Arena arena = Arena.ofConfined()) {
        MethodHandle function =
            Linker.nativeLinker()
                .downcallHandle(
                    SymbolLookup.libraryLookup(RUNTIME, arena)
                        .findOrThrow("cudaDeviceGetAttribute"),
                    FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT));
        MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
        int status = (int) function.invokeExact(value, CAPABILITY_MAJOR, 0);
        if (status != 0) {
          throw new IllegalStateException("cudaDeviceGetAttribute failed with " + status);
        }
        return value.get(ValueLayout.JAVA_INT, 0);
      } catch (RuntimeException e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("cudaDeviceGetAttribute failed", e);
      }
    }
  }
}
