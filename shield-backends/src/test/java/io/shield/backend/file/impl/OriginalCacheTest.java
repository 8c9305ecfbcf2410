package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.fixtures.MutableClock;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An instance of the original reads the file once and writes all it holds whenever it changes
 * anything, and at its end: old values that come back with that are no edits.
 */
class OriginalCacheTest {
  private static final Path FILE = SimulatedDisk.DIRECTORY.resolve("state.json");
  private static final String POLICY = "GET:/a";

  private final SimulatedDisk disk = new SimulatedDisk();
  private final MutableClock clock = MutableClock.create();
  private TestStore store = TestStore.open(disk, FILE, clock, 100);
  private ObjectNode cache;

  /** The original reads the file, then Shield goes on. */
  @BeforeEach
  void fill() {
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    store.set("GET:/b", RouteStatus.ACTIVE, "");
    RateLimitPolicy policy = RateLimitPolicy.of("GET", "/a", "5/minute");
    Edit edit = new Edit(DocumentKey.policy(POLICY), 0, policy);
    store.accept(new Change("policy", List.of(edit), List.of()));
    cache = Edits.tree(disk, FILE);
    cache.retain("states", "audit", "rl_hits", "rl_policies");
    store.set("GET:/a", RouteStatus.DISABLED, "closed");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void see(boolean afterRestart) {
    if (afterRestart) {
      store.close();
      store = TestStore.open(disk, FILE, clock, 100);
    } else {
      store.poll();
    }
  }

  private void log(String id, String path, String action, String status) {
    ObjectNode entry = ((ArrayNode) cache.get("audit")).addObject();
    entry.put("id", id).put("timestamp", "2030-01-01T00:00:01Z").put("path", path);
    entry.put("action", action).put("actor", "bob").put("platform", "cli");
    if (!status.isEmpty()) {
      entry.put("new_status", status);
    }
  }

  /** What the original changes it writes as it knows it; the rest as it was read. */
  private void change(String route, String status) {
    Edits.state(cache, route).retain(Edits.ORIGINAL_STATE).put("status", status);
  }

  private List<String> actors() {
    return store.audit().stream().map(AuditEntry::actor).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anOldCacheThatIsWrittenBackOpensNothing(boolean afterRestart) {
    Head before = store.image().head();

    Edits.write(disk, FILE, cache);
    see(afterRestart);
    Edits.write(disk, FILE, cache);
    store.poll();

    assertThat(store.state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(store.image().head()).isEqualTo(before);
    assertThat(store.log.warnings())
        .singleElement()
        .asString()
        .contains("old values of state GET:/a", "Shield keeps what it knows");
    assertThat(Edits.state(Edits.tree(disk, FILE), "GET:/a").get("status").asText())
        .isEqualTo("disabled");
  }

  @Test
  void norDoesItBringBackWhatWasDeleted() {
    DocumentKey gone = DocumentKey.state("GET:/b");
    Edit edit = new Edit(gone, store.version("GET:/b"), null);
    store.accept(
        new Change(
            "forget",
            List.of(edit),
            List.of(TestStore.entry("f", "GET:/b", RouteStatus.ACTIVE, ""))));

    Edits.write(disk, FILE, cache);
    store.poll();

    assertThat(store.image().snapshot().states()).containsOnlyKeys("GET:/a");
  }

  @Test
  void whatItsOwnerChangesWithAnOldCacheCounts() {
    change("GET:/b", "maintenance");
    log("theirs", "GET:/b", "maintenance_on", "maintenance");
    Edits.write(disk, FILE, cache);
    store.poll();

    assertThat(store.state("GET:/b").status()).isEqualTo(RouteStatus.MAINTENANCE);
    assertThat(store.state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(actors()).containsExactly("alice", "alice", "alice", "bob");

    // Asked for, though it was so before.
    change("GET:/a", "active");
    log("again", "GET:/a", "enable", "active");
    Edits.write(disk, FILE, cache);
    store.poll();
    assertThat(store.state("GET:/a").status()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(actors()).containsExactly("alice", "alice", "alice", "bob", "bob");
  }

  @Test
  void anEditThatGoesBackToAnOldValueIsAnEdit() {
    Edits.edit(disk, FILE, tree -> Edits.state(tree, "GET:/a").put("status", "active"));
    store.poll();

    assertThat(store.state("GET:/a").status()).isEqualTo(RouteStatus.ACTIVE);
  }

  @Test
  void whatWasLoggedAMomentLaterIsLoggedOnce() {
    change("GET:/b", "disabled");
    Edits.write(disk, FILE, cache);
    log("theirs", "GET:/b", "disable", "disabled");
    disk.whilePausing(() -> Edits.write(disk, FILE, cache));
    store.poll();

    assertThat(store.state("GET:/b").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(actors()).containsExactly("alice", "alice", "alice", "bob");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDeletionThatItLoggedIsFollowed(boolean afterRestart) {
    ((ObjectNode) cache.get("rl_policies")).remove(POLICY);
    log("theirs", POLICY, "rl_policy_deleted", "");
    Edits.write(disk, FILE, cache);
    see(afterRestart);

    assertThat(store.image().snapshot().value(DocumentKey.policy(POLICY))).isNull();
    assertThat(store.state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(actors()).containsExactly("alice", "alice", "alice", "bob");
    assertThat(store.log.warnings()).noneMatch(line -> line.contains("no longer has"));
  }

  @Test
  void oneValueThatCannotBeReadStopsNothingElse() {
    Edits.state(cache, "GET:/a").put("status", "half_open");
    change("GET:/b", "disabled");
    log("theirs", "GET:/b", "disable", "disabled");
    Edits.write(disk, FILE, cache);
    store.poll();

    RouteState known = store.state("GET:/a");
    assertThat(known.status()).as("what was known").isEqualTo(RouteStatus.DISABLED);
    assertThat(store.state("GET:/b").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(store.log.warnings())
        .singleElement()
        .asString()
        .contains("'GET:/a' in 'states'", "half_open", "stays in force");
    store.set("GET:/b", RouteStatus.ACTIVE, "a change");
    assertThat(store.state("GET:/a")).isEqualTo(known);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWaygateWroteIsReadAndStaysInItsWords(boolean afterRestart) {
    RateLimitPolicy bucket =
        RateLimitPolicy.of("GET", "/b", "5/minute").toBuilder()
            .algorithm(RateLimitAlgorithm.TOKEN_BUCKET)
            .build();
    DocumentKey key = DocumentKey.policy(bucket.key());
    store.accept(new Change("bucket", List.of(new Edit(key, 0, bucket)), List.of()));
    Edits.rewriteAsOriginal(
        disk,
        FILE,
        tree ->
            ((ObjectNode) tree.get("states"))
                .putObject("__waygate:global__")
                .put("path", "__waygate:global__")
                .put("reason", "{\"enabled\":true,\"reason\":\"deploy\"}"));
    see(afterRestart);
    assertThat(store.image().snapshot().globalMaintenance().enabled()).isTrue();
    store.set("GET:/b", RouteStatus.ACTIVE, "a change");

    ObjectNode written = Edits.tree(disk, FILE);
    assertThat(written.get("states").has("__waygate:global__")).isTrue();
    assertThat(written.get("states").has("__shield:global__")).isFalse();
    ObjectNode policy = (ObjectNode) written.get("rl_policies").get(bucket.key());
    assertThat(policy.get("algorithm").asText()).isEqualTo("moving_window");
    // It drops what it does not know, and changes nothing.
    Edits.rewriteAsOriginal(
        disk,
        FILE,
        tree -> ((ObjectNode) tree.get("rl_policies").get(bucket.key())).remove("base_algorithm"));
    see(afterRestart);
    assertThat(store.image().snapshot().value(key)).isEqualTo(bucket);
  }
}
