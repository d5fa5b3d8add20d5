package io.condenser.training;

import io.condenser.storage.InputException;
import io.condenser.text.CounterRandom;
import io.condenser.text.Permutation;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Which queries a step takes, with which of their passages. Every epoch passes over the instances
 * in an order of its own. Of an instance's positives one is taken, the next in every epoch; of its
 * negatives, shuffled once by the seed, a window that moves with the epoch, filled up with random
 * passages. Pure functions of the step.
 */
final class Instances {
  // Streams of random numbers, independent of each other.
  private static final long ORDER = 0x6f726465; // "orde"
  private static final long SHUFFLE = 0x73687566; // "shuf"
  private static final long FILL = 0x66696c6c; // "fill"

  private static final int MOST_DRAWS = 100;

  private final FinetuningData data;
  private final int batch;
  private final int negatives;
  private final long seed;
  private final long[] instances; // pairs of query and source
  private final long stepsPerEpoch;

  /**
   * The instances of a run.
   *
   * @param batch queries in a step
   * @param negatives of each of them
   * @throws InputException if there are fewer instances than a batch takes
   */
  Instances(FinetuningData data, int batch, int negatives, long seed) {
    this.data = data;
    this.batch = batch;
    this.negatives = negatives;
    this.seed = seed;
    instances = data.instances();
    stepsPerEpoch = instances.length / batch;
    if (stepsPerEpoch == 0) {
      throw new InputException(
          "a batch takes %d queries, there are %d instances (a query once for each file of negatives); lower batch"
              .formatted(batch, instances.length));
    }
  }

  /**
   * A query in a step.
   *
   * @param query its place in the data
   * @param positive row of the passage that is taken of its relevant ones
   * @param negatives rows of passages
   */
  record Instance(int query, int positive, int[] negatives) {}

  /** Steps in so many epochs, at least 1. */
  long steps(double epochs) {
    return Math.max(1, Math.round(epochs * stepsPerEpoch));
  }

  /** The pass over the data that a step belongs to, from 0. */
  int epoch(long step) {
    return Math.toIntExact(step / stepsPerEpoch);
  }

  /** The instances of a step, in order. */
  List<Instance> of(long step) {
    int epoch = epoch(step);
    long first = step % stepsPerEpoch * batch;
    Permutation order = new Permutation(instances.length, random(ORDER, epoch, 0));
    return LongStream.range(first, first + batch)
        .mapToObj(position -> instance(instances[(int) order.at(position)], epoch))
        .toList();
  }

  private Instance instance(long instance, int epoch) {
    int query = (int) (instance % data.queries().size());
    int source = (int) (instance / data.queries().size());
    int[] relevant = data.positives()[query];
    return new Instance(query, relevant[epoch % relevant.length], negatives(query, source, epoch));
  }

  /** The epoch's window of the shuffled negatives, filled up with random passages. */
  private int[] negatives(int query, int source, int epoch) {
    int[] all = data.negatives().isEmpty() ? new int[0] : data.negatives().get(source)[query];
    Permutation shuffled =
        all.length == 0 ? null : new Permutation(all.length, random(SHUFFLE, source, query));
    int[] window = new int[negatives];
    CounterRandom random = random(FILL, epoch, query);
    int[] randoms = data.randoms();
    for (int i = 0, draw = 0; i < negatives; i++) {
      if (shuffled != null && i < all.length) {
        window[i] = all[(int) shuffled.at(((long) epoch * negatives + i) % all.length)];
      } else {
        int last = draw + MOST_DRAWS;
        do {
          window[i] = randoms[random.below(randoms.length, draw++)];
        } while (isPositive(query, window[i]) && draw < last);
      }
    }
    return window;
  }

  private boolean isPositive(int query, int passage) {
    return IntStream.of(data.positives()[query]).anyMatch(positive -> positive == passage);
  }

  private CounterRandom random(long stream, long epoch, long position) {
    return CounterRandom.at(seed, stream, epoch, position);
  }
}
