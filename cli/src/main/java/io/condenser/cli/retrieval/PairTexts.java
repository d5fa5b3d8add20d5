package io.condenser.cli.retrieval;

import io.condenser.cli.Console;
import io.condenser.cli.Texts;
import io.condenser.retrieval.ScoredPair;
import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Some pairs with their texts, for people to judge what a cross-encoder says of them.
 *
 * @param pairs all their queries and passages are in {@code texts}
 */
record PairTexts(List<ScoredPair> pairs, Texts texts) {
  /** Characters of a passage that a terminal shows. */
  private static final int SHOWN = 200;

  /**
   * Reads both files once.
   *
   * @throws InputException if one does not hold what a pair names
   */
  static PairTexts read(List<ScoredPair> pairs, Path queries, Path corpus) {
    Texts texts =
        Texts.read(
            queries,
            pairs.stream().map(ScoredPair::query).collect(Collectors.toSet()),
            corpus,
            pairs.stream().map(ScoredPair::passage).collect(Collectors.toSet()));
    for (ScoredPair pair : pairs) {
      require(texts.queries().containsKey(pair.query()), queries, "query", pair.query());
      require(texts.passages().containsKey(pair.passage()), corpus, "passage", pair.passage());
    }
    return new PairTexts(pairs, texts);
  }

  private static void require(boolean found, Path file, String what, String id) {
    if (!found) {
      throw InputException.in(
          file,
          "has no %s '%s', which the run names; do the two belong together?".formatted(what, id));
    }
  }

  /** Shows probability, query and the passage's beginning. */
  void show(Console console) {
    for (ScoredPair pair : pairs) {
      Passage passage = passage(pair);
      String said = (passage.title() + " · " + passage.body()).strip().replaceAll("\\s+", " ");
      console.say(
          "  %.3f  %s%n         %s"
              .formatted(pair.probability(), query(pair), Texts.shortened(said, SHOWN)));
    }
  }

  /** Adds an object for each, with probability, ids and texts. */
  void write(ArrayNode array) {
    for (ScoredPair pair : pairs) {
      ObjectNode node = array.addObject().put("probability", pair.probability());
      node.putObject("query").put("_id", pair.query()).put("text", query(pair));
      node.set("passage", Passages.json(passage(pair)));
    }
  }

  private String query(ScoredPair pair) {
    return texts.queries().getOrDefault(pair.query(), "");
  }

  private Passage passage(ScoredPair pair) {
    return Objects.requireNonNull(texts.passages().get(pair.passage()));
  }
}
