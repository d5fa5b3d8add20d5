package io.condenser.model.foreign;

import io.condenser.storage.DType;
import io.condenser.storage.InputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of Python's pickle machine that PyTorch's state dicts use: dictionaries, tuples,
 * numbers, text, and tensors over storages. Every other global name is refused, so that a file
 * cannot make it do anything: pickles are programs.
 */
final class TorchPickle {
  /** Where the bytes of tensors lie. */
  record Storage(String key, DType dtype, long elements) {}

  /** A view of a storage; offset and strides in elements. */
  record View(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

  private record Global(String name) {}

  private static final Object MARK = "mark".toCharArray();
  private static final Object NONE = "none".toCharArray();
  private static final Map<String, DType> STORAGES =
      Map.of(
          "torch FloatStorage", DType.F32,
          "torch DoubleStorage", DType.F64,
          "torch HalfStorage", DType.F16,
          "torch BFloat16Storage", DType.BF16,
          "torch LongStorage", DType.I64,
          "torch IntStorage", DType.I32,
          "torch ShortStorage", DType.I16,
          "torch CharStorage", DType.I8,
          "torch ByteStorage", DType.U8,
          "torch BoolStorage", DType.BOOL);
  private static final String DICTIONARY = "collections OrderedDict";
  private static final String TENSOR = "torch._utils _rebuild_tensor_v2";
  private static final String PARAMETER = "torch._utils _rebuild_parameter";

  private final String where;
  private final MemorySegment pickle;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private long position;

  private TorchPickle(String where, MemorySegment pickle) {
    this.where = where;
    this.pickle = pickle;
  }

  /**
   * The tensors of a pickled state dict by name; entries that are no tensors are left out.
   *
   * @param where what to call the file in an error
   * @throws InputException if it is damaged, or holds anything but plain values and tensors
   */
  static Map<String, View> stateDict(String where, MemorySegment pickle) {
    Object value;
    try {
      value = new TorchPickle(where, pickle).run();
    } catch (InputException e) {
      throw e;
    } catch (RuntimeException e) { // damaged bytes can trip the machine anywhere
      throw new InputException(where + ": not a whole pickle; truncated or damaged", e);
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new InputException(where + ": holds no state dict; expected one saved by torch.save");
    }
    Map<String, View> tensors = new LinkedHashMap<>();
    map.forEach((name, entry) -> {
      if (name instanceof String text && entry instanceof View view) {
        tensors.put(text, view);
      }
    });
    return tensors;
  }

  private Object run() {
    while (true) {
      int code = pickle.get(ValueLayout.JAVA_BYTE, position++) & 0xff;
      if (code == '.') {
        return pop();
      }
      if (!(pushes(code) || builds(code) || remembers(code))) {
        throw new InputException(
            "%s: pickle code 0x%02x at byte %d is not one that state dicts use"
                .formatted(where, code, position - 1));
      }
    }
  }

  /** Codes that push a plain value. */
  private boolean pushes(int code) {
    switch (code) {
      case 0x80 -> position++; // PROTO
      case 0x95 -> position += 8; // FRAME
      case '(' -> stack.add(MARK);
      case 'N' -> stack.add(NONE);
      case 0x88 -> stack.add(true);
      case 0x89 -> stack.add(false);
      case 'K' -> stack.add((long) unsigned8());
      case 'M' -> stack.add((long) unsigned16());
      case 'J' -> stack.add((long) int32());
      case 0x8a -> stack.add(long1());
      case 'G' -> stack.add(Double.longBitsToDouble(Long.reverseBytes(int64())));
      case 'X', 'T' -> stack.add(text(int32()));
      case 0x8c, 'U' -> stack.add(text(unsigned8()));
      case 'c' -> stack.add(global(line() + " " + line()));
      case 0x93 -> {
        String name = (String) pop();
        stack.add(global(pop() + " " + name));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Codes that make a value of those on the stack. */
  private boolean builds(int code) {
    switch (code) {
      case '}' -> stack.add(new LinkedHashMap<>());
      case ']' -> stack.add(new ArrayList<>());
      case ')' -> stack.add(List.of());
      case 't' -> stack.add(popToMark());
      case 0x85, 0x86, 0x87 -> {
        List<Object> top = stack.subList(stack.size() - (code - 0x84), stack.size());
        List<Object> tuple = List.copyOf(top);
        top.clear();
        stack.add(tuple);
      }
      case 's' -> {
        Object value = pop();
        putAll(List.of(pop(), value));
      }
      case 'u' -> putAll(popToMark());
      case 'a' -> appendAll(List.of(pop()));
      case 'e' -> appendAll(popToMark());
      case 'b' -> pop(); // BUILD sets attributes; a state dict's are versions of its modules
      case 'Q' -> stack.add(storage((List<?>) pop()));
      case 'R' -> {
        List<?> arguments = (List<?>) pop();
        stack.add(call((Global) pop(), arguments));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Codes of the memo. */
  private boolean remembers(int code) {
    switch (code) {
      case 'q' -> memo.put(unsigned8(), stack.getLast());
      case 'r' -> memo.put(int32(), stack.getLast());
      case 0x94 -> memo.put(memo.size(), stack.getLast());
      case 'h' -> stack.add(recall(unsigned8()));
      case 'j' -> stack.add(recall(int32()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private Object recall(int number) {
    Object value = memo.get(number);
    if (value == null) {
      throw new IndexOutOfBoundsException("no memo " + number);
    }
    return value;
  }

  private Global global(String name) {
    boolean known =
        STORAGES.containsKey(name)
            || name.equals(DICTIONARY)
            || name.equals(TENSOR)
            || name.equals(PARAMETER);
    if (!known) {
      throw new InputException(
          "%s: refused, because it asks for Python's %s; expected a plain state dict of tensors"
              .formatted(where, name.replace(' ', '.')));
    }
    return new Global(name);
  }

  private static Object call(Global function, List<?> arguments) {
    return switch (function.name()) {
      case DICTIONARY -> dictionary(arguments);
      case TENSOR ->
          new View(
              (Storage) arguments.get(0),
              (Long) arguments.get(1),
              numbers(arguments.get(2)),
              numbers(arguments.get(3)));
      case PARAMETER -> (View) arguments.get(0);
      default -> throw new ClassCastException(function + " is not callable");
    };
  }

  private static Map<String, Object> dictionary(List<?> arguments) {
    Map<String, Object> dictionary = new LinkedHashMap<>();
    if (!arguments.isEmpty()) { // its pairs
      for (Object pair : (List<?>) arguments.get(0)) {
        dictionary.put((String) ((List<?>) pair).get(0), ((List<?>) pair).get(1));
      }
    }
    return dictionary;
  }

  private static List<Long> numbers(Object tuple) {
    return ((List<?>) tuple).stream().map(Long.class::cast).toList();
  }

  /** A persistent id is {@code ('storage', type, key, device, elements)}. */
  private static Storage storage(List<?> id) {
    DType dtype = STORAGES.get(((Global) id.get(1)).name());
    if (!id.get(0).equals("storage") || dtype == null) {
      throw new ClassCastException("not a storage: " + id);
    }
    return new Storage((String) id.get(2), dtype, (Long) id.get(4));
  }

  private Object pop() {
    return stack.removeLast();
  }

  private List<Object> popToMark() {
    int mark = stack.lastIndexOf(MARK);
    List<Object> top = stack.subList(mark + 1, stack.size());
    List<Object> values = List.copyOf(top);
    top.clear();
    stack.remove(mark);
    return values;
  }

  @SuppressWarnings("unchecked") // every map on the stack is one of ours
  private void putAll(List<Object> pairs) {
    Map<String, Object> map = (Map<String, Object>) stack.getLast();
    for (int i = 0; i < pairs.size(); i += 2) {
      map.put((String) pairs.get(i), pairs.get(i + 1));
    }
  }

  @SuppressWarnings("unchecked") // every list on the stack is one of ours
  private void appendAll(List<Object> values) {
    ((List<Object>) stack.getLast()).addAll(values);
  }

  private int unsigned8() {
    return pickle.get(ValueLayout.JAVA_BYTE, position++) & 0xff;
  }

  private int unsigned16() {
    position += 2;
    return pickle.get(ValueLayout.JAVA_SHORT_UNALIGNED, position - 2) & 0xffff;
  }

  private int int32() {
    position += 4;
    return pickle.get(ValueLayout.JAVA_INT_UNALIGNED, position - 4);
  }

  private long int64() {
    position += 8;
    return pickle.get(ValueLayout.JAVA_LONG_UNALIGNED, position - 8);
  }

  /** A number of up to 8 bytes, little-endian, in two's complement. */
  private long long1() {
    int bytes = unsigned8();
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      long digit = i == bytes - 1 ? (byte) unsigned8() : unsigned8();
      value |= digit << (8 * i);
    }
    return value;
  }

  private String text(long bytes) {
    MemorySegment slice = pickle.asSlice(position, bytes);
    position += bytes;
    return new String(slice.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private String line() {
    long end = position;
    while (pickle.get(ValueLayout.JAVA_BYTE, end) != '\n') {
      end++;
    }
    String line = text(end - position);
    position++;
    return line;
  }
}
