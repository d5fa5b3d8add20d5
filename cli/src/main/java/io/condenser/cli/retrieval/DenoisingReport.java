package io.condenser.cli.retrieval;

import io.condenser.cli.Console;
import io.condenser.retrieval.Denoiser;
import io.condenser.retrieval.Denoiser.Denoised;
import io.condenser.storage.Replacement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What denoising found: counts, shares, and some of the false negatives with their texts. */
record DenoisingReport(Denoised denoised, double threshold, PairTexts examples) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** {@code negatives.jsonl} has its report in {@code negatives-report.json}. */
  static Path beside(Path out) {
    String name = String.valueOf(out.getFileName()).replaceFirst("\\.jsonl?$", "");
    return out.resolveSibling(name + "-report.json");
  }

  void show(Console console) {
    long candidates = denoised.candidates();
    console.say(
        "denoise: negatives for %,d queries, none for %,d; dropped %,d relevant passages and %,d copies"
            .formatted(
                denoised.mined().negatives().size(),
                denoised.mined().without(),
                denoised.mined().relevantDropped(),
                denoised.mined().copiesDropped()));
    console.say(
        "of %,d candidates %s are false negatives (probability at least %s), %s above %s"
            .formatted(
                candidates,
                counted(denoised.falseNegatives(), candidates),
                threshold,
                counted(denoised.sureOnes(), candidates),
                Denoiser.SURE));
    Denoiser.Relevant relevant = denoised.relevant();
    console.say(
        "of %,d ranked passages that are judged relevant %s are below %s, %s above %s"
            .formatted(
                relevant.ranked(),
                counted(relevant.belowThreshold(), relevant.ranked()),
                threshold,
                counted(relevant.sureOnes(), relevant.ranked()),
                Denoiser.SURE));
    if (!examples.pairs().isEmpty()) {
      console.say("some of the false negatives:");
      examples.show(console);
    }
  }

  private static String counted(long some, long all) {
    return String.format(Locale.ROOT, "%,d (%.1f %%)", some, 100 * share(some, all));
  }

  private static double share(long some, long all) {
    return all == 0 ? 0 : (double) some / all;
  }

  void write(Path file) {
    ObjectNode json = JSON.createObjectNode();
    json.put("queries", denoised.mined().negatives().size());
    json.put("queries-without-negatives", denoised.mined().without());
    json.put("threshold", threshold);
    json.put("candidates", denoised.candidates());
    ObjectNode dropped = json.putObject("false-negatives");
    count(dropped, "all", denoised.falseNegatives(), denoised.candidates());
    count(dropped, "above-" + Denoiser.SURE, denoised.sureOnes(), denoised.candidates());
    ObjectNode relevant = json.putObject("judged-relevant");
    relevant.put("ranked", denoised.relevant().ranked());
    count(
        relevant,
        "below-threshold",
        denoised.relevant().belowThreshold(),
        denoised.relevant().ranked());
    count(
        relevant,
        "above-" + Denoiser.SURE,
        denoised.relevant().sureOnes(),
        denoised.relevant().ranked());
    examples.write(json.putArray("examples"));
    Replacement.file(file, aside -> Files.writeString(aside, json.toPrettyString() + "\n"));
  }

  private static void count(ObjectNode node, String name, long some, long all) {
    node.putObject(name).put("count", some).put("share", share(some, all));
  }
}
