package io.condenser.model;

import io.condenser.storage.InputException;

/** What computes tensors. A process has one, see {@link Machine#useDevice}. */
public enum Device {
  /** {@link #CUDA} where this build and this machine have it, else {@link #CPU}. */
  AUTO,
  /** The processor. */
  CPU,
  /** The first of NVIDIA's GPUs that the process sees. */
  CUDA;

  /**
   * What this is on this machine: itself, unless it is {@link #AUTO}.
   *
   * @throws InputException if this is {@link #CUDA} and there is none, with what was found instead
   */
  public Device here() {
    return this == CPU ? CPU : of(Cuda.find());
  }

  /** The same where {@code cuda} was found. */
  Device of(Cuda cuda) {
    if (this == CPU || (this == AUTO && cuda.gpus() == 0)) {
      return CPU;
    }
    if (cuda.gpus() == 0) {
      throw new InputException("device is cuda, but " + cuda.absence());
    }
    return CUDA;
  }
}
