package io.condenser.training.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@SuppressWarnings("try") // closing is what these tests are about
class LinkTest {
  private final CompletableFuture<String> stuck = new CompletableFuture<>();

  @Test
  void allWorkersHearThatOneIsGone() {
    try (FirstLink first = first(3, "same");
        Link one = other(first, 1, 3, "same");
        Link two = other(first, 2, 3, "same")) {
      begin(first, one, two);
      one.close(); // what a killed process does
      assertThatThrownBy(() -> first.finish())
          .isInstanceOf(InputException.class)
          .hasMessageContaining("rank 1 stopped")
          .hasMessageContaining("run the same command again");
      assertThatThrownBy(() -> two.finish()).hasMessageContaining("rank 1 stopped");
    }
  }

  @Test
  void allWorkersHearWhyOneFails() {
    try (FirstLink first = first(3, "same");
        Link one = other(first, 1, 3, "same");
        Link two = other(first, 2, 3, "same")) {
      begin(first, one, two);
      two.fail("the disk is full");
      assertThatThrownBy(() -> first.finish())
          .hasMessageContaining("rank 2 failed: the disk is full");
      assertThatThrownBy(() -> one.finish()).hasMessageContaining("the disk is full");
    }
  }

  @Test
  void theOthersHearThatTheFirstIsGone() {
    try (FirstLink first = first(2, "same");
        Link one = other(first, 1, 2, "same")) {
      begin(first, one);
      first.close();
      assertThatThrownBy(() -> one.finish()).hasMessageContaining("the first worker stopped");
    }
  }

  @Test
  void whoCannotStopIsToldToBeStopped() throws Exception {
    try (FirstLink first = first(2, "same");
        Link one = other(first, 1, 2, "same")) {
      begin(first, one);
      one.close();
      assertThat(stuck.get(20, TimeUnit.SECONDS)).contains("rank 1");
    }
  }

  @Test
  void finishingIsNoFailure() {
    try (FirstLink first = first(2, "same");
        Link one = other(first, 1, 2, "same")) {
      begin(first, one);
      CompletableFuture<Void> finished = CompletableFuture.runAsync(one::finish);
      first.finish();
      finished.join();
      one.close();
      first.check();
    }
  }

  @Test
  void otherSettingsAreRefusedOnBothSides() {
    try (FirstLink first = first(2, "batch=16");
        Link one = other(first, 1, 2, "batch=32")) {
      CompletableFuture<Integer> beginning = CompletableFuture.supplyAsync(() -> one.begin(0));
      assertThatThrownBy(() -> first.begin(1))
          .hasMessageContaining("batch=16")
          .hasMessageContaining("batch=32");
      assertThatThrownBy(beginning::join).hasMessageContaining("other settings or data");
    }
  }

  @Test
  void aRankIsTakenOnce() {
    try (FirstLink first = first(3, "same");
        Link one = other(first, 1, 3, "same");
        Link again = other(first, 1, 3, "same")) {
      assertThatThrownBy(() -> first.begin(1)).hasMessageContaining("two workers have rank 1");
      assertThatThrownBy(() -> one.begin(0)).hasMessageContaining("two workers have rank 1");
      assertThatThrownBy(() -> again.begin(0)).hasMessageContaining("two workers have rank 1");
    }
  }

  @Test
  void strangersAtThePortAreIgnored() throws IOException {
    try (FirstLink first = first(2, "same");
        Socket stranger = new Socket(InetAddress.getLoopbackAddress(), first.port())) {
      stranger
          .getOutputStream()
          .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      try (Link one = other(first, 1, 2, "same")) {
        begin(first, one);
        first.check();
      }
    }
  }

  /** So that nobody waits for a process that has ended. */
  @Test
  void whoNeverComesIsNotWaitedFor() {
    FirstLink.Watch watch =
        new FirstLink.Watch() {
          @Override
          public String absent() {
            return "the worker of rank 1 was killed by signal 9";
          }

          @Override
          public String gone(int rank, String how) {
            return how;
          }
        };
    try (FirstLink first = new FirstLink(anywhere(), 2, "same", watch, stuck::complete)) {
      assertThatThrownBy(() -> first.begin(1)).hasMessageContaining("killed by signal 9");
    }
  }

  private static InetSocketAddress anywhere() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private FirstLink first(int count, String configuration) {
    return new FirstLink(anywhere(), count, configuration, FirstLink.Watch.NONE, stuck::complete);
  }

  private Link other(FirstLink first, int rank, int count, String configuration) {
    InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), first.port());
    return new OtherLink(there, rank, count, configuration, _ -> {});
  }

  private static void begin(FirstLink first, Link... others) {
    CompletableFuture<Integer> begun = CompletableFuture.supplyAsync(() -> first.begin(4711));
    for (Link other : others) {
      assertThat(other.begin(0)).isEqualTo(4711);
    }
    begun.join();
    assertThat(first.onThisMachine()).isEqualTo(1 + others.length);
    assertThat(others[0].onThisMachine()).isEqualTo(1 + others.length);
  }
}
