package io.condenser.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.model.Tensors;
import io.condenser.storage.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Expected values from an independent implementation (PyTorch and transformers, in float64). */
final class Golden {
  private Golden() {}

  static Path folder(String name) {
    Path folder = Path.of(System.getProperty("condenser.shared", "../../shared"), "golden", name);
    Assumptions.assumeTrue(
        Files.isDirectory(folder), "skipped: the golden numbers are not at " + folder);
    return folder;
  }

  static JsonNode json(Path file) {
    return new ObjectMapper().readTree(file);
  }

  /** Rows of a padded matrix of ids, without their padding. */
  static List<int[]> rows(JsonNode ids, JsonNode mask) {
    List<int[]> rows = new ArrayList<>();
    for (int r = 0; r < ids.size(); r++) {
      int length = 0;
      for (JsonNode visible : mask.get(r)) {
        length += visible.asInt();
      }
      int[] row = new int[length];
      for (int i = 0; i < length; i++) {
        row[i] = ids.get(r).get(i).asInt();
      }
      rows.add(row);
    }
    return rows;
  }

  /**
   * Norm of the difference over norm of the expected, for every tensor of a file. The gradient of a
   * key's bias is 0 (a softmax does not see what all scores share), so what stands there is
   * rounding: it is held against the norm 1 instead.
   */
  static void assertTensors(
      Path file, Map<String, Tensor> found, UnaryOperator<String> name, double bound) {
    try (Safetensors expected = Safetensors.open(file);
        PointerScope _ = new PointerScope()) {
      assertThat(expected.tensors()).isNotEmpty();
      expected
          .tensors()
          .forEach((key, stored) -> {
            Tensor mine = found.get(name.apply(key));
            assertThat(mine).as(key).isNotNull();
            double[] a = Tensors.doubles(mine);
            double[] b = Tensors.doubles(Tensors.copyOf(stored));
            boolean rounding = key.endsWith("attention.self.key.bias") && norm(b) < 1e-10;
            double norm = rounding ? 1 : norm(b);
            assertThat(distance(a, b) / norm).as(key).isLessThan(bound);
          });
    }
  }

  static double distance(double[] found, double[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    double[] difference = new double[found.length];
    Arrays.setAll(difference, i -> found[i] - expected[i]);
    return norm(difference);
  }

  static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(x -> x * x).sum());
  }
}
