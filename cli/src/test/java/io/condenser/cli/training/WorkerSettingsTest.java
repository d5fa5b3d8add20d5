package io.condenser.cli.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerSettingsTest {
  @Test
  void whatDoesNotBelongTogetherIsRefused() {
    refused(0, null, 0, 1, "workers is 0; expected 1 to");
    refused(1, null, 1, 2, "rank and world go with rendezvous");
    refused(2, "node:29500", 0, 2, "give one of them");
    refused(1, "node:29500", 0, 1, "world is 1; expected 2 to");
    refused(1, "node:29500", 2, 2, "rank is 2; expected 0 to 1");
    refused(1, "node", 0, 2, "rendezvous is 'node'; expected HOST:PORT");
    refused(1, "node:http", 0, 2, "expected HOST:PORT");
  }

  @Test
  void aRendezvousIsHostAndPort() {
    assertThat(WorkerSettings.address("127.0.0.1:29500").getPort()).isEqualTo(29500);
    assertThat(WorkerSettings.address("127.0.0.1:29500").getHostString()).isEqualTo("127.0.0.1");
  }

  private static void refused(
      int workers, @Nullable String rendezvous, int rank, int world, String message) {
    assertThatThrownBy(() -> new WorkerSettings(workers, rendezvous, rank, world))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }
}
