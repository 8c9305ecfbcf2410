package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.fixtures.MutableClock;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.MaintenanceMode;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that the original wrote is read, and what we write of it the original can read. */
class OriginalFileTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SimulatedDisk disk = new SimulatedDisk();

  private static Path file(String name) {
    return SimulatedDisk.DIRECTORY.resolve(name);
  }

  private TestStore open(String name) throws Exception {
    Path file = file(name);
    ObjectNode tree = (ObjectNode) JSON.readTree(Edits.original());
    disk.edit(file, Format.of(file).render(tree));
    return TestStore.open(disk, file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s.json", "s.yaml", "s.yml", "s.toml"})
  void isReadWhole(String name) throws Exception {
    try (TestStore store = open(name)) {
      Snapshot snapshot = store.image().snapshot();
      assertThat(snapshot.states())
          .containsOnlyKeys(
              "GET:/payments", "POST:/payments", "GET:/health", "GET:/debug", "GET:/old");
      RouteState disabled = snapshot.state("POST:/payments");
      assertThat(disabled.status()).isEqualTo(RouteStatus.DISABLED);
      assertThat(disabled.reason()).isEqualTo("use /v2");
      assertThat(disabled.version()).isEqualTo(1);
      assertThat(snapshot.state("GET:/health").forceActive()).isTrue();
      assertThat(snapshot.state("GET:/debug").allowedEnvs()).containsExactly("dev", "staging");
      assertThat(snapshot.state("GET:/old").successorPath()).isEqualTo("/v2/old");
      assertThat(snapshot.globalMaintenance()).isEqualTo(MaintenanceMode.OFF);
      assertThat(snapshot.value(DocumentKey.globalRateLimit()))
          .isEqualTo(
              new GlobalRateLimitPolicy(
                  "1000/minute",
                  GlobalRateLimitPolicy.of("1/minute").algorithm(),
                  GlobalRateLimitPolicy.of("1/minute").keyStrategy(),
                  null,
                  0,
                  List.of("/health"),
                  true));
      assertThat(snapshot.value(DocumentKey.policy("GET:/payments")))
          .isEqualTo(RateLimitPolicy.of("GET", "/payments", "2/minute"));
      assertThat(snapshot.head().revision()).isEqualTo(1);
      assertThat(store.audit()).hasSize(7);
      assertThat(store.audit().get(0).actor()).isEqualTo("alice");
      assertThat(store.log.warnings()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s.json", "s.yaml", "s.yml", "s.toml"})
  void isWrittenSoThatTheOriginalReadsIt(String name) throws Exception {
    try (TestStore store = open(name)) {
      store.set("GET:/new", RouteStatus.ACTIVE, "");
    }
    ObjectNode was = (ObjectNode) JSON.readTree(Edits.original());
    ObjectNode is = Edits.tree(disk, file(name));

    assertThat(is.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("states", "audit", "rl_hits", "rl_policies", "shield");
    assertThat(is.get("states")).hasSize(was.get("states").size() + 1);
    for (Map.Entry<String, JsonNode> state : was.get("states").properties()) {
      assertContains(Edits.state(is, state.getKey()), (ObjectNode) state.getValue());
    }
    assertThat(is.get("audit")).hasSize(8);
    for (int i = 0; i < was.get("audit").size(); i++) {
      assertContains((ObjectNode) is.get("audit").get(i), (ObjectNode) was.get("audit").get(i));
    }
    assertContains(
        (ObjectNode) is.get("rl_policies").get("GET:/payments"),
        (ObjectNode) was.get("rl_policies").get("GET:/payments"));
    assertContains((ObjectNode) is.get("rl_hits").get(0), (ObjectNode) was.get("rl_hits").get(0));
  }

  /** Every field that the original wrote is there with its value; null and absent are one. */
  private static void assertContains(ObjectNode is, ObjectNode was) {
    for (Map.Entry<String, JsonNode> field : was.properties()) {
      JsonNode found = is.path(field.getKey());
      if (field.getValue().isNull()) {
        assertThat(found.isNull() || found.isMissingNode()).as(field.getKey()).isTrue();
      } else if (field.getValue().asText().startsWith("{")) {
        // The JSON text of a configuration: the same to whoever parses it.
        assertThat(parsed(found)).as(field.getKey()).isEqualTo(parsed(field.getValue()));
      } else {
        assertThat(found).as(field.getKey()).isEqualTo(field.getValue());
      }
    }
  }

  private static JsonNode parsed(JsonNode text) {
    try {
      return JSON.readTree(text.asText());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s.json", "s.yaml", "s.yml", "s.toml"})
  void keepsItsContentOverManyWritesAndStarts(String name) throws Exception {
    Snapshot first;
    try (TestStore store = open(name)) {
      first = store.image().snapshot();
      for (int i = 0; i < 3; i++) {
        store.set("GET:/new", RouteStatus.ACTIVE, "change " + i);
      }
    }
    try (TestStore store = TestStore.open(disk, file(name))) {
      assertThat(store.image().head().epoch()).isEqualTo(first.head().epoch());
      assertThat(store.image().head().revision()).isEqualTo(4);
      first.states().forEach((key, state) -> assertThat(store.state(key)).isEqualTo(state));
      assertThat(store.image().snapshot().maintenance()).isEqualTo(first.maintenance());
      assertThat(store.image().snapshot().policies()).isEqualTo(first.policies());
    }
  }

  @Test
  void theWrittenFileIsForPeople() throws Exception {
    try (TestStore store = open("s.json")) {
      store.set("GET:/new", RouteStatus.ACTIVE, "");
    }
    String text = disk.text(file("s.json"));
    assertThat(text)
        .startsWith(
            "{\n  \"states\": {\n    \"GET:/payments\": {\n      \"path\": \"GET:/payments\",")
        .endsWith("}\n")
        .contains("\n      \"allowed_envs\": [ \"dev\", \"staging\" ],\n");
  }

  @Test
  void twoWritesOfTheSameAreTheSame() throws Exception {
    try (TestStore store = open("s.json")) {
      store.set("GET:/new", RouteStatus.ACTIVE, "");
    }
    ObjectNode before = Edits.tree(disk, file("s.json"));
    try (TestStore store = TestStore.open(disk, file("s.json"))) {
      store.set("GET:/new", RouteStatus.DISABLED, "");
    }
    ObjectNode after = Edits.tree(disk, file("s.json"));
    assertThat(after.get("states").fieldNames())
        .toIterable()
        .containsExactlyElementsOf(() -> before.get("states").fieldNames());
    assertThat(after.get("shield").get("versions").fieldNames())
        .toIterable()
        .containsExactlyElementsOf(() -> before.get("shield").get("versions").fieldNames());
  }

  @Test
  void theFirstStartDoesNotLogWhatItFinds() throws Exception {
    try (TestStore store = open("s.json")) {
      assertThat(store.audit()).noneMatch(entry -> entry.reason().equals("external edit"));
    }
    try (TestStore store = TestStore.open(disk, file("s.json"))) {
      assertThat(store.image().head().revision()).isEqualTo(1);
    }
  }

  @Test
  void onlyTheNewestAuditEntriesAreKept() {
    Path file = file("s.json");
    try (TestStore store = TestStore.open(disk, file, MutableClock.create(), 3)) {
      for (int i = 0; i < 5; i++) {
        store.set("GET:/a", RouteStatus.ACTIVE, "change " + i);
      }
      assertThat(store.audit())
          .extracting(AuditEntry::reason)
          .containsExactly("change 2", "change 3", "change 4");
    }
    assertThat(Edits.tree(disk, file).get("audit")).hasSize(3);
  }
}
