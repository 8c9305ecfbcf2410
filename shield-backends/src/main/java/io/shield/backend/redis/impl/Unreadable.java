package io.shield.backend.redis.impl;

import io.shield.model.store.DocumentKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others wrote and cannot be read: logged once, and known until it is gone. Used on one event
 * loop, except the warning.
 */
final class Unreadable {
  private static final Logger LOG = LoggerFactory.getLogger(Unreadable.class);

  private final Map<DocumentKey, String> problems = new LinkedHashMap<>();
  private volatile @Nullable String warning;

  /**
   * Takes note of a look.
   *
   * @param asked the names of the documents that were looked at, none for all
   * @param found those of them that cannot be read, and why
   */
  void found(Collection<String> asked, Map<DocumentKey, String> found) {
    problems
        .keySet()
        .removeIf(
            key ->
                !found.containsKey(key)
                    && (asked.isEmpty() || asked.contains(DocumentText.name(key))));
    found.forEach(
        (key, problem) -> {
          if (!problem.equals(problems.put(key, problem))) {
            LOG.error(
                "What others wrote under '{}' cannot be read and is not enforced: {}",
                key,
                problem);
          }
        });
    tell();
  }

  /** Takes note of documents that Shield wrote. */
  void written(Set<DocumentKey> keys) {
    problems.keySet().removeAll(keys);
    tell();
  }

  private void tell() {
    if (problems.isEmpty()) {
      warning = null;
      return;
    }
    int more = problems.size() - 1;
    warning =
        "what others wrote under '"
            + problems.keySet().iterator().next()
            + (more == 0 ? "'" : "' and " + more + " more")
            + " cannot be read and is not enforced (see the log)";
  }

  /** In one line, or null if there is nothing. May be called from any thread. */
  @Nullable String warning() {
    return warning;
  }
}
