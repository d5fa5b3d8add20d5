package io.condenser.cli.plan;

import io.condenser.evaluation.Qrels;
import io.condenser.model.BertConfig;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How large the files of a recipe are: measured where they are there, else as the recipe declares,
 * else as the stage says that makes them.
 */
public final class Sizes {
  private final Map<Path, Size> declared = new HashMap<>();
  private final Map<Path, Size> made = new HashMap<>();
  private final Map<Path, Size> measured = new HashMap<>();
  private final long freeMemory;

  /**
   * What is known before any stage says what it makes.
   *
   * @param declared by the recipe
   * @param freeMemory bytes that this process may take
   */
  public Sizes(Map<Path, Size> declared, long freeMemory) {
    declared.forEach((path, size) -> this.declared.put(normal(path), size));
    this.freeMemory = freeMemory;
  }

  /** A size that is needed is not known. */
  public static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With what is missing, in words. */
    public Unknown(String problem) {
      super(problem);
    }

    Unknown(Path path, String what) {
      this(
          "%s is not there yet; 'sizes:' of the recipe can say its %s"
              .formatted(path.getFileName(), what));
    }
  }

  /** Bytes of memory that a run may take. */
  public long freeMemory() {
    return freeMemory;
  }

  /** A stage makes this. */
  public void make(Map<Path, Size> sizes) {
    sizes.forEach((path, size) -> made.put(normal(path), size));
  }

  /** Of a corpus, or of the index of one. */
  public Size passages(Path corpus) {
    return find(corpus, Size::hasTexts, TextSample::passages, "records and tokens");
  }

  /** Of a file of queries. */
  public Size queries(Path file) {
    return find(file, Size::hasTexts, TextSample::queries, "records and tokens");
  }

  /** Queries that have judgments. */
  public double judged(Path qrels) {
    return find(
            qrels,
            Size::hasTexts,
            file -> Size.texts(Qrels.read(file).queries().size(), 0, 0),
            "records, which are judged queries")
        .records();
  }

  /** Of a model, or of an index with a model's vectors. */
  public Size encoder(Path model) {
    return find(
        model,
        Size::hasEncoder,
        folder -> {
          BertConfig config = BertConfig.read(folder);
          return Size.encoder(config.numHiddenLayers(), config.hiddenSize());
        },
        "layers and hidden");
  }

  /** Of a file as it lies there; 0 if it does not. */
  public double bytes(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private Size find(Path path, Predicate<Size> enough, Function<Path, Size> measure, String what) {
    Path key = normal(path);
    Size size = measured.get(key);
    if (size == null || !enough.test(size)) {
      size = Files.exists(path) ? measured(path, measure) : null;
    }
    if (size == null) {
      size = declared.get(key);
    }
    if (size == null || !enough.test(size)) {
      size = made.get(key);
    }
    if (size == null || !enough.test(size)) {
      throw new Unknown(path, what);
    }
    return size;
  }

  /** Null where it is there but cannot be read as what it should be: its own stage will say so. */
  private @Nullable Size measured(Path path, Function<Path, Size> measure) {
    try {
      Size size = measure.apply(path);
      measured.put(normal(path), size);
      return size;
    } catch (InputException | UncheckedIOException e) {
      return null;
    }
  }

  private static Path normal(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
