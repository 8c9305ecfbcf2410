package io.shield.backend.file.impl;

import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What the log is told of the file, each thing once until it changes. Thread-safe. */
final class Reporter {
  private static final int SHOWN = 10;
  private static final String VALUE = "value ";

  private final Logger log;
  private final Path main;
  private final Map<String, String> told = new ConcurrentHashMap<>();

  Reporter(Logger log, Path main) {
    this.log = log;
    this.main = main;
  }

  void broken(Found.Broken found) {
    if (isNew("main", found.problem() + found.digest())) {
      log.warn(
          "{}; what was last read stays in force, and changes are refused until it is mended",
          found.problem());
    }
  }

  void gone(Found.Gone found) {
    String problem = found.problem(main);
    if (isNew("main", problem)) {
      log.warn("{}: Shield keeps what it knows, and the next change writes the file", problem);
    }
  }

  void good() {
    if (told.remove("main") != null) {
      log.info("{} can be read again", main);
    }
  }

  /** The file lacks documents, which are kept. */
  void missing(List<DocumentKey> keys) {
    if (keys.isEmpty()) {
      told.remove("missing");
    } else if (isNew("missing", names(keys))) {
      log.warn(
          "{} no longer has {}: Shield keeps them, remove what is not needed through Shield",
          main,
          names(keys));
    }
  }

  /** An old cache of the original was written back. */
  void keptOut(List<DocumentKey> keys) {
    if (keys.isEmpty()) {
      told.remove("kept out");
    } else if (isNew("kept out", names(keys))) {
      log.warn(
          "{} was overwritten with old values of {}, by an instance of api-shield that had read them"
              + " earlier: Shield keeps what it knows and writes it again",
          main,
          names(keys));
    }
  }

  /** A part of the file cannot be read, by its name; what was known of it before stays. */
  void cannotRead(Map<String, UnreadableException> problems) {
    told.keySet().removeIf(subject -> isOver(subject, problems));
    problems.forEach(
        (name, problem) -> {
          if (isNew(VALUE + name, String.valueOf(problem.getMessage()))) {
            log.warn(
                "{}; what was known stays in force, and this is kept aside with the next change",
                problem.in(main));
          }
        });
  }

  private static boolean isOver(String subject, Map<String, ?> problems) {
    return subject.startsWith(VALUE) && !problems.containsKey(subject.substring(VALUE.length()));
  }

  /** The file lacks documents, and nothing else has them. */
  void lost(List<DocumentKey> keys) {
    if (!keys.isEmpty() && isNew("lost", names(keys))) {
      log.warn("{} no longer has {}, and its side file is gone too", main, names(keys));
    }
  }

  void adopted(Commit commit) {
    told.remove("waiting");
    List<DocumentKey> keys = commit.change().edits().stream().map(Edit::key).toList();
    log.info(
        "an external edit of {} is revision {}: {}",
        main,
        commit.head().revision(),
        keys.isEmpty() ? "audit entries" : names(keys));
  }

  /** Foreign content could not be taken over yet. */
  void waiting(String problem) {
    if (isNew("waiting", problem)) {
      log.warn("an external edit is not in force yet: {}", problem);
    }
  }

  void sideUnusable(String problem) {
    if (isNew("side", problem)) {
      log.warn("Shield goes on without its side file, the next change writes it: {}", problem);
    }
  }

  void sideUsable() {
    told.remove("side");
  }

  /** Hits and counters cannot be understood. */
  void limitsBroken(String problem) {
    if (isNew("limits broken", problem)) {
      log.warn("{}; hits and counters begin anew, and the next write replaces the file", problem);
    }
  }

  /** Hits and counters cannot be read or written. */
  void limitsFail(String problem) {
    if (isNew("limits", problem)) {
      log.warn("{}; Shield goes on, hits and counters would not survive its end", problem);
    }
  }

  void limitsWork() {
    told.remove("limits broken");
    if (told.remove("limits") != null) {
      log.info("hits and counters of {} are kept again", main);
    }
  }

  /** The file cannot be written. */
  void writesFail(String problem) {
    if (isNew("writes", problem)) {
      log.warn("{}; it is tried again, and what is known stays in force", problem);
    }
  }

  void writesWork() {
    if (told.remove("writes") != null) {
      log.info("{} can be written again", main);
    }
  }

  boolean isWriteFailing() {
    return told.containsKey("writes");
  }

  /** What the disk does not take now; null if it takes everything. */
  @Nullable String refused() {
    String writes = told.get("writes");
    String limitsProblem = told.get("limits");
    return writes == null || limitsProblem == null
        ? (writes == null ? limitsProblem : writes)
        : writes + "; " + limitsProblem;
  }

  /** Hits of the original that are not shown. */
  void unreadableHits(String problem) {
    if (isNew("hits", problem)) {
      log.warn("{} has a rate-limit hit that is not shown: {}", main, problem);
    }
  }

  /** Something that keeps nobody from working. */
  void note(String problem) {
    log.warn("{}", problem);
  }

  private boolean isNew(String subject, String text) {
    return !text.equals(told.put(subject, text));
  }

  private static String names(List<DocumentKey> keys) {
    String shown =
        keys.stream()
            .limit(SHOWN)
            .map(key -> Problems.oneLine(key.toString()))
            .collect(Collectors.joining(", "));
    return keys.size() <= SHOWN ? shown : shown + " and " + (keys.size() - SHOWN) + " more";
  }
}
