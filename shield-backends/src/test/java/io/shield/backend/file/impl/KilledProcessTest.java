package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.Seeds;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills a process that commits in a loop, at random moments; whatever it had acknowledged is there
 * afterwards, and nothing is torn. {@code -Dshield.crash.rounds=N} kills so many.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES) // As long as the longest run that is documented.
class KilledProcessTest {
  private static final int ROUNDS = Integer.getInteger("shield.crash.rounds", 16);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"state.json, 3", "state.toml, 1"})
  void nothingAcknowledgedIsLost(String name, int quarters) throws Exception {
    Path file = directory.resolve(name);
    Random random = Seeds.random("killed processes");
    int rounds = Math.max(1, ROUNDS * quarters / 4);
    long acknowledged = 1;
    int awaited = 0;
    ChildProcess next = ChildProcess.start(file);
    try {
      for (int round = 0; round < rounds; round++) {
        ChildProcess child = next.expect("ready");
        // Starting takes longer than a round: the next one starts meanwhile.
        next = ChildProcess.start(file);
        boolean earlyOn = random.nextInt(5) == 0;
        awaited += earlyOn ? 0 : 1;
        acknowledged = Math.max(acknowledged, runAndKill(child, earlyOn, random));
        check(file, acknowledged);
      }
    } finally {
      next.close();
    }
    // Where the disk is slow, no more than was waited for.
    assertThat(acknowledged).as("the processes did commit").isGreaterThan(awaited);
  }

  /** Returns the last revision that was acknowledged. */
  private static long runAndKill(ChildProcess child, boolean earlyOn, Random random)
      throws Exception {
    try (child) {
      child.send("open");
      child.send("loop");
      long acknowledged = 0;
      if (!earlyOn) {
        child.expect("opened");
        acknowledged = revision(child.answer());
      }
      assertThat(child.endsWithin(random.nextInt(120_000), TimeUnit.MICROSECONDS)).isFalse();
      for (String answer : child.kill()) {
        // The last line may be cut off; then nobody was told.
        if (answer.matches("ACK \\d+")) {
          acknowledged = Math.max(acknowledged, revision(answer));
        }
      }
      return acknowledged;
    }
  }

  private static long revision(String answer) {
    return Long.parseLong(answer.substring("ACK ".length()));
  }

  private static void check(Path file, long acknowledged) {
    try (TestStore store = TestStore.open(NioFileOps.INSTANCE, file)) {
      assertThat(store.log.warnings()).isEmpty();
      long head = store.image().head().revision();
      assertThat(head).isBetween(acknowledged, acknowledged + 3);
      List<AuditEntry> audit = store.audit();
      long oldest = Math.max(2, head - TestStore.AUDIT_LIMIT + 1);
      assertThat(audit)
          .extracting(AuditEntry::revision)
          .containsExactlyElementsOf(LongStream.rangeClosed(oldest, head).boxed().toList());
      for (RouteState state : store.image().snapshot().states().values()) {
        assertThat(state.reason()).isEqualTo(String.valueOf(state.version()));
        assertThat(state.version()).isGreaterThan(head - StoreProcess.ROUTES);
        AuditEntry entry = audit.get((int) (state.version() - oldest));
        assertThat(entry.path()).isEqualTo(state.path());
        assertThat(entry.reason()).isEqualTo(state.reason());
      }
      assertThat(file).isNotEmptyFile();
    }
  }
}
