package io.shield.bench;

import io.shield.bench.run.Extent;
import io.shield.bench.run.Results;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What came out of a run.
 *
 * @param choice what was run
 * @param extent how long it took
 * @param results its figures
 * @param before the machine at the beginning
 * @param after the machine at the end
 */
record Outcome(Choice choice, Extent extent, Results results, Machine before, Machine after) {
  /** For programs. */
  JsonObject json() {
    return new JsonObject()
        .put("benchmark", choice.name())
        .put("extent", extent.name().toLowerCase(Locale.ROOT))
        .put("cores", before.cores())
        .put("load_before", before.load())
        .put("load_after", after.load())
        .put("jvm", Machine.jvm())
        .put("figures", results.json());
  }

  /**
   * Puts the figures into a document in Markdown, between the lines {@code <!-- NAME -->} and
   * {@code <!-- end of NAME -->}.
   *
   * @throws IOException if it cannot be read or written, or has no such lines
   */
  void writeTo(Path document) throws IOException {
    String begin = "<!-- " + choice.name() + " -->";
    String end = "<!-- end of " + choice.name() + " -->";
    List<String> lines = Files.readAllLines(document);
    int from = lines.indexOf(begin);
    int to = lines.indexOf(end);
    if (from < 0 || to < from) {
      throw new IOException(document + " has no line '" + begin + "' with '" + end + "' below");
    }
    List<String> written = new ArrayList<>(lines.subList(0, from + 1));
    written.addAll(List.of(origin(), ""));
    written.addAll(results.markdown());
    written.addAll(lines.subList(to, lines.size()));
    Files.write(document, written);
  }

  private String origin() {
    String flag = extent == Extent.FULL ? "" : " --" + extent.name().toLowerCase(Locale.ROOT);
    return "`./shield bench "
        + choice.name()
        + flag
        + "`, "
        + LocalDate.now(ZoneOffset.UTC)
        + ", "
        + before.cores()
        + " cores, load average "
        + before.loadText()
        + " before and "
        + after.loadText()
        + " after, "
        + Machine.jvm()
        + ".";
  }
}
