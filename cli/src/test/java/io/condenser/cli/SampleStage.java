package io.condenser.cli;

import io.condenser.model.Tensors;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** A stage with a setting of every type: repeats the lines of a file. */
public record SampleStage(
    @Setting("File to read") Path input,
    @Setting("File to write") Path output,
    @Setting(value = "How often, 1 to 9", byDefault = "2") int times,
    @Setting(value = "Random seed", byDefault = "42") long seed,
    @Setting(value = "Share, 0 to 1", byDefault = "0.5") double share,
    @Setting(value = "Whether to shout", byDefault = "true") boolean loud,
    @Setting(value = "How to write letters", byDefault = "as-they-are") Letters letters,
    @Setting(value = "Words", byDefault = "a,b") List<String> words,
    @Setting(value = "More files", byDefault = Setting.ABSENT) List<Path> more,
    @Setting(value = "A remark", byDefault = Setting.ABSENT) @Nullable String remark)
    implements Stage {

  /** How letters are written. */
  public enum Letters {
    AS_THEY_ARE,
    UPPER
  }

  public static final StageType TYPE =
      StageType.of("sample", SampleStage.class, "Repeats a file.", "sample --input a --output b");

  public SampleStage {
    if (times < 1 || times > 9) {
      throw new InputException("times is %d; expected 1 to 9".formatted(times));
    }
    words = List.copyOf(words);
    more = List.copyOf(more);
  }

  @Override
  public List<Path> inputs() {
    return List.of(input);
  }

  @Override
  public List<Path> outputs() {
    return List.of(output);
  }

  @Override
  public List<Path> unfinished() {
    return List.of(output.resolveSibling(output.getFileName() + "-unfinished"));
  }

  @Override
  public void run(Console console) throws IOException {
    if ("fail".equals(remark)) {
      throw new IllegalStateException("broken inside");
    }
    if ("fill".equals(remark)) {
      Tensors.empty(ScalarType.Float, 1L << 46).close();
    }
    if (!Files.exists(input)) {
      throw InputException.in(input, "no such file");
    }
    console.say("repeating " + input.getFileName());
    String text = Files.readString(input).repeat(times);
    Replacement.file(output, aside -> Files.writeString(aside, text));
    console.result(times + " " + words + " " + loud + " " + letters + " " + remark);
  }
}
