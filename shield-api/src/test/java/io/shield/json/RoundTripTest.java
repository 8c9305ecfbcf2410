package io.shield.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.fixtures.RandomModel;
import io.shield.fixtures.Seeds;
import io.shield.model.DocumentValue;
import io.shield.model.RateLimitPolicy.LimitScope;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Head;
import io.shield.spi.limit.RateLimitHit;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever the model can hold is the same after it was written as UTF-8 and read again. */
class RoundTripTest {
  private static final List<LimitScope> SCOPES = List.of(LimitScope.values());

  private static final int VALUES = 1_000;

  private static JsonNode sent(JsonNode node) {
    byte[] bytes = ShieldJson.text(node).getBytes(StandardCharsets.UTF_8);
    return ShieldJson.parse("sent", new String(bytes, StandardCharsets.UTF_8));
  }

  @Test
  void everyKindOfDocument() {
    RandomModel random = new RandomModel(Seeds.random("RoundTripTest.everyKindOfDocument"));
    Map<DocumentKind, Integer> counts = new EnumMap<>(DocumentKind.class);
    for (int i = 0; i < VALUES; i++) {
      DocumentKey key = random.documentKey();
      DocumentValue value = random.value(key);

      assertThat(ShieldJson.readValue(key, sent(ShieldJson.writeValue(value)))).isEqualTo(value);
      counts.merge(key.kind(), 1, Integer::sum);
    }

    assertThat(counts).hasSize(DocumentKind.values().length);
  }

  @Test
  void statesWithTheirVersionAsShownInAnyStatus() {
    RandomModel random = new RandomModel(Seeds.random("RoundTripTest.states"));
    for (int i = 0; i < VALUES; i++) {
      RouteState state = random.state(random.routeKey()).withVersion(i);
      RouteStatus effective = random.oneOf(List.of(RouteStatus.values()));

      assertThat(ShieldJson.readRouteState(sent(ShieldJson.writeShown(state, effective))))
          .isEqualTo(state);
    }
  }

  @Test
  void auditEntries() {
    RandomModel random = new RandomModel(Seeds.random("RoundTripTest.auditEntries"));
    for (int i = 0; i < VALUES; i++) {
      AuditEntry entry = random.auditEntry().withRevision(i);

      assertThat(ShieldJson.readAuditEntry(sent(ShieldJson.write(entry)))).isEqualTo(entry);
    }
  }

  @Test
  void hitsAndHeads() {
    RandomModel random = new RandomModel(Seeds.random("RoundTripTest.hitsAndHeads"));
    for (int i = 1; i < VALUES; i++) {
      RateLimitHit hit =
          new RateLimitHit(
              random.id(),
              random.instant(),
              "/x",
              "GET",
              "ip:" + random.id(),
              "5/minute",
              i % 2 == 0 ? null : "gold",
              random.instant(),
              i,
              i % 3 == 0 ? null : random.instant(),
              i % 5 == 0,
              i % 4 == 0 ? null : SCOPES.get(i % 3));
      Head head = new Head(random.id(), i, random.id());

      assertThat(ShieldJson.readRateLimitHit(sent(ShieldJson.write(hit)))).isEqualTo(hit);
      assertThat(ShieldJson.readHead(sent(ShieldJson.write(head)))).isEqualTo(head);
    }
  }
}
