package io.shield.admin.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.Seeds;
import io.shield.model.MaintenanceMode;
import io.shield.model.OpaqueDocument;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is found out at a glance about whose business a document is, beside what is looked into. */
class ServiceNamesTest {
  private static final List<String> SERVICES =
      List.of("pay", "pay:eu", "payments", "shop", "GETs", "reset", "registered", "service");
  private static final List<String> METHODS = List.of("", "GET:", "POST:", "PURGE:");

  private final Random random = Seeds.random("names of documents");

  private String any(List<String> names) {
    return names.get(random.nextInt(names.size()));
  }

  private String route() {
    String service = random.nextInt(5) == 0 ? "" : any(SERVICES) + ":";
    return service + any(METHODS) + "/" + any(SERVICES) + random.nextInt(3);
  }

  private DocumentKey key() {
    String service = any(SERVICES);
    String policy = any(List.of("GET", "POST", "ALL")) + ":" + route();
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> DocumentKey.state(route());
      case 3 -> DocumentKey.globalMaintenance();
      case 4 -> DocumentKey.serviceMaintenance(service);
      case 5, 6 -> DocumentKey.policy(policy);
      case 7 -> DocumentKey.document("registered:" + service);
      case 8 -> DocumentKey.document("reset:" + any(List.of("all", policy, "x")));
      case 9 -> DocumentKey.document("service:" + service + ":" + any(List.of("tokens", "x")));
      case 10 -> DocumentKey.document(any(List.of("webhooks", "webhook:" + service, "tokens")));
      default -> DocumentKey.document(any(List.of(service, "registered:", "all", policy)));
    };
  }

  private static Versioned<?> value(DocumentKey key) {
    String path = key.key().substring(key.key().indexOf(':') + 1);
    return switch (key.kind()) {
      case STATE -> new Versioned<>(RouteState.active(key.key()), 1);
      case MAINTENANCE -> new Versioned<>(MaintenanceMode.OFF, 1);
      case POLICY ->
          new Versioned<>(
              RateLimitPolicy.of(key.key().substring(0, key.key().indexOf(':')), path, "5/minute"),
              1);
      case DOCUMENT -> new Versioned<>(new OpaqueDocument("{}"), 1);
    };
  }

  @Test
  void whomAChangeConcernsIsNeverLeftOut() {
    for (int i = 0; i < 20_000; i++) {
      DocumentKey key = key();
      ConcernedServices concerned = ConcernedServices.of(key);
      for (String service : SERVICES) {
        if (ServiceNames.of(service).local(key) != null) {
          assertThat(concerned.mayBe(service)).as("%s of %s", key, service).isTrue();
        }
      }
      assertThat(concerned.mayBe(null)).isTrue();
    }
  }

  @Test
  void ofThousandsOfServicesOneIsConcerned() {
    for (DocumentKey key :
        List.of(
            DocumentKey.state("pay:GET:/a"),
            DocumentKey.policy("GET:pay:GET:/a"),
            DocumentKey.serviceMaintenance("pay"),
            DocumentKey.serviceRateLimit("pay"),
            DocumentKey.document("registered:pay"))) {
      assertThat(ConcernedServices.of(key).mayBe("pay")).as("%s", key).isTrue();
      assertThat(ConcernedServices.of(key).mayBe("pay:eu")).as("%s", key).isFalse();
      assertThat(ConcernedServices.of(key).mayBe("shop")).as("%s", key).isFalse();
    }
    assertThat(ConcernedServices.of(DocumentKey.globalMaintenance()).mayBe("shop")).isTrue();
    assertThat(ConcernedServices.of(DocumentKey.document("webhooks")).mayBe("shop")).isFalse();
  }

  @Test
  void aViewLeavesOutNothing() {
    Map<DocumentKey, Versioned<?>> content = new LinkedHashMap<>();
    for (int i = 0; i < 1_000; i++) {
      DocumentKey key = key();
      content.put(key, value(key));
    }
    Snapshot snapshot = Snapshot.of(new Head("e", 1, "c"), content);
    for (String service : SERVICES) {
      ServiceNames names = ServiceNames.of(service);
      assertThat(names.view(snapshot))
          .as(service)
          .isNotEmpty()
          .isEqualTo(names.view(snapshot, snapshot.content().keySet()));
    }
  }
}
