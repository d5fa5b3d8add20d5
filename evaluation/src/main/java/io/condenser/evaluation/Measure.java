package io.condenser.evaluation;

import io.condenser.storage.InputException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A measure of one query's ranking, between 0 and 1, written as ir-measures writes it: {@code RR},
 * {@code R@100}, {@code nDCG@10}, {@code RR(rel=2)@10}. The definitions are trec_eval's.
 *
 * @param kind what is measured
 * @param relevant the lowest grade that counts as relevant, 1 or more; does not concern nDCG
 * @param cutoff how many ranks count, 1 or more; {@link #WHOLE} for the whole ranking
 */
public record Measure(Kind kind, int relevant, int cutoff) {
  /** The cutoff of a measure that has none. */
  public static final int WHOLE = Integer.MAX_VALUE;

  private static final Pattern NAME =
      Pattern.compile("([A-Za-z]+)(?:\\(rel=(\\d{1,6})\\))?(?:@(\\d{1,9}))?");

  /** What people write for what ir-measures calls otherwise. */
  private static final Map<String, String> ALIASES =
      Map.of("MRR", "RR", "RECALL", "R", "PRECISION", "P", "MAP", "AP", "HIT", "Success");

  private enum Cutoff {
    NEEDED,
    POSSIBLE,
    NONE
  }

  /** What is measured. */
  public enum Kind {
    /** Reciprocal rank: 1 over the rank of the first relevant passage, 0 if there is none. */
    RR("RR", "recip_rank", Cutoff.POSSIBLE) {
      @Override
      double value(GradedRanking ranking, int relevant, int cutoff) {
        int[] grades = ranking.retrieved();
        for (int i = 0; i < Math.min(cutoff, grades.length); i++) {
          if (grades[i] >= relevant) {
            return 1.0 / (i + 1);
          }
        }
        return 0;
      }
    },
    /** Recall: the share of the relevant passages that was found. */
    R("R", "recall", Cutoff.NEEDED) {
      @Override
      double value(GradedRanking ranking, int relevant, int cutoff) {
        return ratio(ranking.found(relevant, cutoff), ranking.relevant(relevant));
      }
    },
    /**
     * Normalised discounted cumulative gain (Järvelin & Kekäläinen 2002): Σ grade / log2(rank + 1),
     * over that of the best possible ranking. Grades below 1 gain nothing.
     */
    NDCG("nDCG", "ndcg", Cutoff.POSSIBLE) {
      @Override
      double value(GradedRanking ranking, int relevant, int cutoff) {
        return ratio(gain(ranking.retrieved(), cutoff), gain(ranking.judged(), cutoff));
      }
    },
    /** Precision: the share of the first ranks that is relevant; ranks left empty count. */
    P("P", "P", Cutoff.NEEDED) {
      @Override
      double value(GradedRanking ranking, int relevant, int cutoff) {
        return ratio(ranking.found(relevant, cutoff), cutoff);
      }
    },
    /**
     * Average precision: Σ over the relevant passages found of the precision at their rank, over
     * the number of relevant passages.
     */
    AP("AP", "map", Cutoff.POSSIBLE) {
      @Override
      double value(GradedRanking ranking, int relevant, int cutoff) {
        int[] grades = ranking.retrieved();
        double sum = 0;
        int found = 0;
        for (int i = 0; i < Math.min(cutoff, grades.length); i++) {
          if (grades[i] >= relevant) {
            found++;
            sum += (double) found / (i + 1);
          }
        }
        return ratio(sum, ranking.relevant(relevant));
      }
    },
    /** 1 if any relevant passage was found, else 0. */
    SUCCESS("Success", "success", Cutoff.NEEDED) {
      @Override
      double value(GradedRanking ranking, int relevant, int cutoff) {
        return ranking.found(relevant, cutoff) > 0 ? 1 : 0;
      }
    },
    /** R-precision: precision at the number of relevant passages. */
    RPREC("Rprec", "Rprec", Cutoff.NONE) {
      @Override
      double value(GradedRanking ranking, int relevant, int cutoff) {
        int depth = ranking.relevant(relevant);
        return ratio(ranking.found(relevant, depth), depth);
      }
    };

    private final String label;
    private final String trecEval;
    private final Cutoff cutoff;

    Kind(String label, String trecEval, Cutoff cutoff) {
      this.label = label;
      this.trecEval = trecEval;
      this.cutoff = cutoff;
    }

    abstract double value(GradedRanking ranking, int relevant, int cutoff);

    /** How the measure is written, for messages: {@code RR[@k]}. */
    private String pattern() {
      return switch (cutoff) {
        case NEEDED -> label + "@k";
        case POSSIBLE -> label + "[@k]";
        case NONE -> label;
      };
    }

    /** Without anything relevant there is nothing to find: 0, as trec_eval has it. */
    private static double ratio(double part, double whole) {
      return whole == 0 ? 0 : part / whole;
    }

    private static double gain(int[] grades, int cutoff) {
      double sum = 0;
      for (int i = 0; i < Math.min(cutoff, grades.length); i++) {
        if (grades[i] > 0) {
          sum += grades[i] * Math.log(2) / Math.log(i + 2);
        }
      }
      return sum;
    }
  }

  public Measure {
    if (relevant < 1) {
      throw new InputException(
          "measure %s: rel=%d; the lowest relevant grade must be 1 or more"
              .formatted(kind.label, relevant));
    }
    if (kind == Kind.NDCG && relevant != 1) {
      throw new InputException(
          "measure %s(rel=%d): nDCG counts every grade by its gain and takes no rel"
              .formatted(kind.label, relevant));
    }
    if (cutoff < 1) {
      throw new InputException(
          "measure %s@%d: the cutoff must be 1 or more".formatted(kind.label, cutoff));
    }
    if (cutoff == WHOLE && kind.cutoff == Cutoff.NEEDED) {
      throw new InputException(
          "measure %s: needs a cutoff, for example %s@10".formatted(kind.label, kind.label));
    }
    if (cutoff != WHOLE && kind.cutoff == Cutoff.NONE) {
      throw new InputException(
          "measure %s@%d: takes no cutoff; write %s".formatted(kind.label, cutoff, kind.label));
    }
  }

  /**
   * Reads one name, such as {@code RR@10}.
   *
   * @throws InputException if there is no such measure, listing those that there are
   */
  public static Measure parse(String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw unknown(name, "");
    }
    String label = parts.group(1);
    for (Kind kind : Kind.values()) {
      if (kind.label.equals(label)) {
        return new Measure(
            kind,
            parts.group(2) == null ? 1 : Integer.parseInt(parts.group(2)),
            parts.group(3) == null ? WHOLE : Integer.parseInt(parts.group(3)));
      }
    }
    throw unknown(name, suggestion(label, name.substring(label.length())));
  }

  private static String suggestion(String label, String rest) {
    String upper = label.toUpperCase(Locale.ROOT);
    String meant = ALIASES.getOrDefault(upper, label);
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.label.equalsIgnoreCase(meant))
        .map(kind -> "; did you mean '" + kind.label + rest + "'?")
        .findFirst()
        .orElse("");
  }

  private static InputException unknown(String name, String suggestion) {
    return new InputException(
        "unknown measure '%s'%s There are %s; a grade of 1 is relevant unless (rel=n) says otherwise,"
                .formatted(name, suggestion.isEmpty() ? "." : suggestion, patterns())
            + " as in RR(rel=2)@10");
  }

  private static String patterns() {
    return Arrays.stream(Kind.values()).map(Kind::pattern).collect(Collectors.joining(", "));
  }

  /**
   * Reads names with blanks or commas between, such as {@code RR@10 R@100}; doubles are dropped.
   *
   * @throws InputException if there is no name, or no such measure
   */
  public static List<Measure> parseAll(String names) {
    Set<Measure> measures = new LinkedHashSet<>();
    for (String name : names.split("[\\s,]+", -1)) {
      if (!name.isEmpty()) {
        measures.add(parse(name));
      }
    }
    if (measures.isEmpty()) {
      throw new InputException("no measure given; there are " + patterns());
    }
    return List.copyOf(measures);
  }

  /** The measure of one query. */
  double of(GradedRanking ranking) {
    return kind.value(ranking, relevant, cutoff);
  }

  /**
   * trec_eval's name, such as {@code recip_rank_cut_10}. It does not tell the lowest relevant
   * grade, which trec_eval takes as its option {@code -l}.
   */
  public String trecEvalName() {
    if (cutoff == WHOLE) {
      return kind.trecEval;
    }
    return kind.trecEval + (kind.cutoff == Cutoff.POSSIBLE ? "_cut_" : "_") + cutoff;
  }

  /** ir-measures' name, which {@link #parse} reads. */
  @Override
  public String toString() {
    return kind.label
        + (relevant == 1 ? "" : "(rel=" + relevant + ")")
        + (cutoff == WHOLE ? "" : "@" + cutoff);
  }
}
