package io.condenser.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class TensorsTest {
  @Test
  void onlyTheResultOutlivesTheWork() {
    List<Tensor> made = new ArrayList<>();
    Tensor result;
    try (PointerScope _ = new PointerScope()) {
      result = Tensors.only(() -> sum(made));
      assertThat(made).singleElement().matches(tensor -> tensor.isNull(), "closed with the work");
      assertThat(Tensors.doubles(result)).containsExactly(3, 4);
    }
    assertThat(result.isNull()).isTrue(); // the caller's scope closes it
  }

  @Test
  void withoutAScopeTheResultIsTheCallersToClose() {
    List<Tensor> made = new ArrayList<>();
    try (Tensor result = Tensors.only(() -> sum(made))) {
      assertThat(made).singleElement().matches(tensor -> tensor.isNull(), "closed with the work");
      assertThat(Tensors.doubles(result)).containsExactly(3, 4);
    }
  }

  @Test
  void memoryThatDoesNotSufficeIsToldApart() {
    assertThatThrownBy(() -> Tensors.empty(ScalarType.Float, 1L << 46))
        .isInstanceOfSatisfying(
            RuntimeException.class, e -> assertThat(Machine.isFull(e)).as(e.getMessage()).isTrue());
    assertThatThrownBy(() -> Tensors.numbers(1, 2).view(3, 1))
        .isInstanceOfSatisfying(
            RuntimeException.class,
            e -> assertThat(Machine.isFull(e)).as(e.getMessage()).isFalse());
  }

  private static Tensor sum(List<Tensor> made) {
    Tensor numbers = Tensors.numbers(1, 2);
    made.add(numbers);
    return numbers.add(new Scalar(2.0));
  }
}
