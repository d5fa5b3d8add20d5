package io.condenser.model.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * ONNX Runtime's builds report to their maker from 1.29 on, over the network, unless a variable of
 * the environment says no before the runtime starts. Nothing here may talk to anyone.
 */
final class Telemetry {
  private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

  private Telemetry() {}

  /** Sets the variable for this process. Windows has none: what is recorded there stays there. */
  @SuppressWarnings("restricted") // setenv(const char*, const char*, int) of POSIX
  static void refuse() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
    if (setenv.isEmpty()) {
      return;
    }
    FunctionDescriptor signature =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      int status =
          (int)
              linker
                  .downcallHandle(setenv.get(), signature)
                  .invokeExact(arena.allocateFrom(VARIABLE), arena.allocateFrom("1"), 1);
      if (status != 0) {
        throw new IllegalStateException("setenv refused " + VARIABLE);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("cannot set " + VARIABLE, e);
    }
  }
}
