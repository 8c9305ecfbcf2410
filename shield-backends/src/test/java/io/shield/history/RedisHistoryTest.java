package io.shield.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.Seeds;
import io.shield.fixtures.history.HistoryChecker;
import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.Accepted;
import io.shield.fixtures.history.HistoryEvent.Refused;
import io.shield.fixtures.history.HistoryEvent.Saw;
import io.shield.fixtures.history.HistoryEvent.Unknown;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Engines in processes of their own on a real Redis, with faults injected: no history breaks an
 * invariant. {@code -Dshield.history.seconds=N} goes on for so long; the history is in {@code
 * target/history.jsonl} afterwards.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES) // As long as the longest run that is documented.
class RedisHistoryTest {
  private static final Logger LOG = LoggerFactory.getLogger(RedisHistoryTest.class);
  private static final int SECONDS = Integer.getInteger("shield.history.seconds", 10);
  private static final int FEW = 51;
  private static final Duration CHAPTER = Duration.ofSeconds(Math.min(15, SECONDS / 3));

  @Test
  void nothingBreaksWhateverFails(@TempDir Path directory) throws Exception {
    long seed = Seeds.next("RedisHistoryTest");
    Path log = Files.createDirectories(Path.of("target")).resolve("history.jsonl");
    Files.deleteIfExists(log);
    Vertx vertx = Vertx.vertx();
    List<HistoryEvent> history;
    try (HistoryRun run = new HistoryRun(vertx, directory, log, seed)) {
      history = run.run(Duration.ofSeconds(SECONDS), CHAPTER, FEW);
      LOG.warn(
          "{} changes accepted, {} refused, {} unknown, {} copies put into force; faults {}",
          count(history, Accepted.class),
          count(history, Refused.class),
          count(history, Unknown.class),
          count(history, Saw.class),
          run.summary());
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
    }
    assertThat(HistoryChecker.check(history)).as("broken; the history is in " + log).isEmpty();
    assertThat(count(history, Accepted.class)).isGreaterThanOrEqualTo(FEW);
  }

  private static long count(List<HistoryEvent> history, Class<?> kind) {
    return history.stream().filter(kind::isInstance).count();
  }
}
