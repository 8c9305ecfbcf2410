package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.error.ShieldException;
import io.shield.fixtures.Seeds;
import io.shield.model.MaintenanceMode;
import io.shield.model.OpaqueDocument;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Versioned;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cuts a file off at every byte and flips bits in it, under a running store and before a start.
 * Whatever comes of it: the last good state, a refusal that names the line, or, where the result is
 * still valid, an external edit in the audit log. Nothing is lost, and nothing is ever empty.
 */
class DamagedFileTest {
  private static final int FLIPS_PER_FORMAT = Integer.getInteger("shield.flips", 1000);

  /** Every so many times the damage is also done before a start. */
  private static final int STARTS = 5;

  private SimulatedDisk disk;
  private TestStore running;
  private byte[] good;
  private byte[] side;

  private int damages;
  private int refused;
  private int adopted;

  /** A small store with a document of every kind. */
  private void fill(Path at) {
    disk = new SimulatedDisk();
    running = TestStore.open(disk, at);
    running.set("GET:/payments", RouteStatus.DISABLED, "use \"/v2\"");
    running.set("/old", RouteStatus.ACTIVE, "");
    RateLimitPolicy policy = RateLimitPolicy.of("GET", "/payments", "2/minute");
    running.accept(
        new Change(
            "others",
            List.of(
                new Edit(DocumentKey.globalMaintenance(), 0, MaintenanceMode.OFF),
                new Edit(DocumentKey.policy(policy.key()), 0, policy),
                new Edit(DocumentKey.document("edge"), 0, new OpaqueDocument("{\"a\":1}"))),
            List.of()));
    good = disk.content(at);
    side = disk.content(Path.of(at + ".shield"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"state.json", "state.yaml", "state.toml"})
  void everyTruncation(String name) {
    Path at = SimulatedDisk.DIRECTORY.resolve(name);
    fill(at);

    for (int length = 0; length < good.length; length++) {
      damage(at, Arrays.copyOf(good, length), "cut at " + length);
    }

    restore(at);
    assertThat(refused).isGreaterThan(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"state.json", "state.yaml", "state.toml"})
  void randomBitFlips(String name) {
    Path at = SimulatedDisk.DIRECTORY.resolve(name);
    Random random = Seeds.random("bit flips in " + name);
    fill(at);

    for (int i = 0; i < FLIPS_PER_FORMAT; i++) {
      byte[] flipped = good.clone();
      int bit = random.nextInt(flipped.length * 8);
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      damage(at, flipped, "bit " + bit);
    }

    restore(at);
    assertThat(refused).isGreaterThan(FLIPS_PER_FORMAT / 10);
    assertThat(adopted).isGreaterThan(FLIPS_PER_FORMAT / 100);
  }

  private void damage(Path at, byte[] content, String story) {
    try {
      underARunningStore(at, content);
      if (damages++ % STARTS == 0) {
        beforeAStart(at, content);
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(story + ":\n" + new String(content, StandardCharsets.ISO_8859_1), e);
    }
  }

  private void underARunningStore(Path at, byte[] content) {
    Image before = running.image();
    running.log.warnings().clear();
    disk.edit(at, content);
    running.poll();

    Image after = running.image();
    if (!after.head().equals(before.head())) {
      adopted++;
      checkAdoption(before, after);
      running.close();
      fill(at);
      return;
    }
    assertThat(after.snapshot()).isEqualTo(before.snapshot());
    assertThat(after.audit()).isEqualTo(before.audit());
    if (running.log.warnings().stream().anyMatch(line -> line.contains("changes are refused"))) {
      refused++;
      assertThat(running.log.warnings().get(0)).contains(at.toString()).contains(", line ");
      assertThat(disk.content(at)).isEqualTo(content);
    }
  }

  private void restore(Path at) {
    Image before = running.image();
    disk.edit(at, good);
    running.poll();
    assertThat(running.image().head()).isEqualTo(before.head());
    running.set("GET:/after", RouteStatus.DISABLED, "works again");
  }

  private void beforeAStart(Path at, byte[] content) {
    Image before = running.image();
    SimulatedDisk other = new SimulatedDisk();
    other.edit(Path.of(at + ".shield"), side);
    other.edit(at, content);
    try (TestStore opened = TestStore.open(other, at)) {
      checkAdoption(before, opened.image());
    } catch (ShieldException e) {
      assertThat(e).hasMessageContaining(at.toString()).hasMessageContaining(", line ");
      assertThat(other.content(at)).isEqualTo(content);
      assertThat(other.content(Path.of(at + ".shield"))).isEqualTo(side);
    }
  }

  /** Nothing is missing, and what differs is in the audit log. */
  private static void checkAdoption(Image before, Image after) {
    Map<DocumentKey, Versioned<?>> content = after.snapshot().content();
    assertThat(content)
        .containsKeys(before.snapshot().content().keySet().toArray(DocumentKey[]::new));
    Set<String> ids = new HashSet<>();
    after.audit().forEach(logged -> ids.add(logged.entry().id()));
    before.audit().forEach(logged -> assertThat(ids).contains(logged.entry().id()));
    content.forEach(
        (key, found) -> {
          Versioned<?> was = before.snapshot().content().get(key);
          if (!found.equals(was)) {
            assertThat(found.version()).isEqualTo(after.head().revision());
            assertThat(after.audit())
                .extracting(Logged::entry)
                .as("the entry of %s", key)
                .anyMatch(entry -> isOf(entry, key, found.version()));
          }
        });
  }

  private static boolean isOf(AuditEntry entry, DocumentKey key, long revision) {
    String path = key.equals(DocumentKey.globalMaintenance()) ? "__global__" : key.key();
    return entry.path().equals(path)
        && entry.reason().equals("external edit")
        && entry.actor().equals("system")
        && entry.revision() == revision;
  }
}
