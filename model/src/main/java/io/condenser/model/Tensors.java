package io.condenser.model;

import io.condenser.storage.DType;
import io.condenser.storage.InputException;
import io.condenser.storage.Safetensors;
import io.condenser.storage.StoredTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The way between the tensor library's memory, on whatever device, and ours. */
public final class Tensors {
  private Tensors() {}

  /** A copy of a stored tensor, of its own element type. */
  public static Tensor copyOf(StoredTensor stored) {
    Tensor tensor = inMemory(scalarType(stored.dtype()), longs(stored));
    bytes(tensor).copyFrom(stored.data());
    return here(tensor);
  }

  /** The tensor on the device that computes: itself, if it is there already. */
  public static Tensor here(Tensor tensor) {
    return Machine.device() == Device.CUDA ? tensor.cuda() : tensor;
  }

  /**
   * A tensor's element type. What the library returns is an enum constant of its own making, which
   * is equal to none of Java's until it is interned.
   */
  public static ScalarType type(Tensor tensor) {
    return tensor.scalar_type().intern();
  }

  /** The tensor itself, or in float32 where it is narrower. */
  static Tensor widened(Tensor tensor) {
    return switch (type(tensor)) {
      case BFloat16, Half -> tensor.to(ScalarType.Float);
      default -> tensor;
    };
  }

  /**
   * A tensor's own memory under a name, not copied: valid while {@code tensor} is open. From a GPU
   * it is a copy.
   */
  public static StoredTensor view(String name, Tensor tensor) {
    return view(name, tensor, Arena.ofAuto());
  }

  /**
   * As {@link #view(String, Tensor)}.
   *
   * @param copies where a copy from a GPU lies. What an automatic arena holds counts against the
   *     JVM's direct memory, in which the moments of a large model have no room; another's does not
   */
  public static StoredTensor view(String name, Tensor tensor, Arena copies) {
    MemorySegment data = tensor.is_cuda() ? copied(tensor, copies) : bytes(tensor);
    return new StoredTensor(name, dtype(tensor), shape(tensor), data);
  }

  private static MemorySegment copied(Tensor tensor, Arena copies) {
    try (PointerScope _ = new PointerScope()) {
      MemorySegment bytes = bytes(tensor.detach().cpu());
      return copies.allocate(bytes.byteSize(), Long.BYTES).copyFrom(bytes);
    }
  }

  /**
   * Copies stored tensors into those of the same names, bit by bit.
   *
   * @throws io.condenser.storage.InputException if one is missing, or of another type or shape
   */
  public static void restore(Map<String, Tensor> targets, Safetensors stored) {
    targets.forEach((name, target) -> {
      StoredTensor from = stored.tensor(name);
      if (!from.dtype().equals(dtype(target)) || !from.shape().equals(shape(target))) {
        throw InputException.in(
            stored.file(),
            "tensor %s is %s %s; expected %s %s"
                .formatted(name, from.dtype(), from.shape(), dtype(target), shape(target)));
      }
      try (PointerScope _ = new PointerScope();
          NoGradGuard _ = new NoGradGuard()) {
        target.copy_(copyOf(from));
      }
    });
  }

  /**
   * What {@code work} computes. All that it made on the way is closed at once instead of with the
   * caller's scope, so that its memory serves what comes next; what a gradient needs of it lives
   * on.
   *
   * @param work returns a tensor of its own making
   */
  public static Tensor only(Supplier<Tensor> work) {
    PointerScope outer = PointerScope.getInnerScope();
    try (PointerScope scope = new PointerScope()) {
      Tensor result = work.get();
      if (outer == null) {
        result.retainReference();
      } else {
        outer.attach(result);
      }
      scope.detach(result);
      return result;
    }
  }

  /** Row-major values of a float32 tensor. */
  public static float[] floats(Tensor tensor) {
    Tensor plain = tensor.detach().cpu().to(ScalarType.Float).contiguous();
    return bytes(plain).toArray(ValueLayout.JAVA_FLOAT);
  }

  /** Row-major values of a float64 tensor (or of one that is converted to it). */
  public static double[] doubles(Tensor tensor) {
    Tensor plain = tensor.detach().cpu().to(ScalarType.Double).contiguous();
    return bytes(plain).toArray(ValueLayout.JAVA_DOUBLE);
  }

  /** 64-bit integers of the given shape. */
  public static Tensor integers(int[] values, long... shape) {
    Tensor tensor = inMemory(ScalarType.Long, shape);
    MemorySegment to = bytes(tensor);
    for (int i = 0; i < values.length; i++) {
      to.setAtIndex(ValueLayout.JAVA_LONG, i, values[i]);
    }
    return here(tensor);
  }

  /** The same of 64-bit integers. */
  static Tensor integers(long[] values, long... shape) {
    Tensor tensor = inMemory(ScalarType.Long, shape);
    bytes(tensor).copyFrom(MemorySegment.ofArray(values));
    return here(tensor);
  }

  /** Float64 numbers, {@code [n]}. */
  public static Tensor numbers(double... values) {
    Tensor tensor = inMemory(ScalarType.Double, values.length);
    bytes(tensor).copyFrom(MemorySegment.ofArray(values));
    return here(tensor);
  }

  /** An uninitialised tensor on the device that computes. */
  public static Tensor empty(ScalarType type, long... shape) {
    return empty(type, Machine.device() == Device.CUDA ? DeviceType.CUDA : DeviceType.CPU, shape);
  }

  /** An uninitialised tensor in the machine's memory, which {@link #here} may take elsewhere. */
  static Tensor inMemory(ScalarType type, long... shape) {
    return empty(type, DeviceType.CPU, shape);
  }

  private static Tensor empty(ScalarType type, DeviceType device, long... shape) {
    return torch.empty(
        shape,
        new TensorOptions()
            .dtype(new ScalarTypeOptional(type))
            .device(new DeviceOptional(new org.bytedeco.pytorch.Device(device))),
        noMemoryFormat());
  }

  private static MemoryFormatOptional noMemoryFormat() {
    return new MemoryFormatOptional();
  }

  /** The memory of a contiguous tensor that lies in the machine's. */
  @SuppressWarnings("restricted") // the address and size are the tensor library's own
  static MemorySegment bytes(Tensor tensor) {
    if (!tensor.is_contiguous()) {
      throw new IllegalArgumentException("tensor is not contiguous");
    }
    if (tensor.numel() == 0) {
      return MemorySegment.NULL; // it has no memory
    }
    return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(tensor.nbytes());
  }

  private static List<Long> shape(Tensor tensor) {
    return Arrays.stream(tensor.shape()).boxed().toList();
  }

  private static long[] longs(StoredTensor stored) {
    return stored.shape().stream().mapToLong(Long::longValue).toArray();
  }

  private static DType dtype(Tensor tensor) {
    return switch (type(tensor)) {
      case Float -> DType.F32;
      case Double -> DType.F64;
      case Long -> DType.I64;
      case Byte -> DType.U8;
      default -> throw new IllegalArgumentException("no use for " + type(tensor));
    };
  }

  private static ScalarType scalarType(DType dtype) {
    return switch (dtype) {
      case F32 -> ScalarType.Float;
      case F64 -> ScalarType.Double;
      case F16 -> ScalarType.Half;
      case BF16 -> ScalarType.BFloat16;
      case I64 -> ScalarType.Long;
      case I32 -> ScalarType.Int;
      case BOOL -> ScalarType.Bool;
      default -> throw new IllegalArgumentException("no use for " + dtype + " tensors");
    };
  }
}
