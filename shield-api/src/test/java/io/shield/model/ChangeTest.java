package io.shield.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What edits and changes may hold. */
class ChangeTest {
  private static final RouteState STATE = RouteState.active("GET:/x");
  private static final AuditEntry ENTRY =
      new AuditEntry(
          "1",
          Instant.EPOCH,
          "GET:/x",
          null,
          "enable",
          "alice",
          "cli",
          "",
          null,
          null,
          0,
          List.of(),
          null,
          false);

  private static final Map<String, DocumentValue> VALUES =
      Map.of(
          "state",
          STATE,
          "mode",
          MaintenanceMode.OFF,
          "policy",
          RateLimitPolicy.of("GET", "/x", "1/day"),
          "global policy",
          GlobalRateLimitPolicy.of("1/day"),
          "document",
          new OpaqueDocument("{}"));

  @ParameterizedTest
  @CsvSource({
    "STATE, GET:/x, state",
    "MAINTENANCE, __shield:global__, mode",
    "MAINTENANCE, __shield:svc_global:pay__, mode",
    "POLICY, GET:/x, policy",
    "POLICY, __shield:global_rl__, global policy",
    "POLICY, __shield:svc_rl:pay__, global policy",
    "DOCUMENT, GET:/x, document",
    "DOCUMENT, edge:GET:/x, document",
    "DOCUMENT, __shield:global__, document",
    "STATE, GET:/y, ''",
    "STATE, __shield:global__, ''",
    "MAINTENANCE, GET:/x, ''",
    "MAINTENANCE, __shield:x, ''",
    "MAINTENANCE, __shield:svc_global:__, ''",
    "MAINTENANCE, __shield:svc_global:pay, ''",
    "MAINTENANCE, __shield:global_rl__, ''",
    "MAINTENANCE, __shield:svc_rl:pay__, ''",
    "POLICY, POST:/x, ''",
    "POLICY, /x, ''",
    "POLICY, __shield:global__, ''",
    "POLICY, __shield:svc_global:pay__, ''",
    "POLICY, __shield:svc_rl:__, ''",
  })
  void onlyWhatBelongsUnderAKeyFitsThere(DocumentKind kind, String key, String fitting) {
    DocumentKey documentKey = new DocumentKey(kind, key);
    VALUES.forEach(
        (name, value) -> {
          if (name.equals(fitting)) {
            assertThatCode(() -> new Edit(documentKey, 0, value)).doesNotThrowAnyException();
          } else {
            assertThatThrownBy(() -> new Edit(documentKey, 0, value))
                .as(name)
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContainingAll(
                    "value",
                    value.getClass().getSimpleName(),
                    "what belongs under " + kind.wireName() + " " + key);
          }
        });
  }

  @Test
  void theFactoriesNameTheDocumentsOfTheWire() {
    assertThat(DocumentKey.globalMaintenance()).hasToString("maintenance __shield:global__");
    assertThat(DocumentKey.serviceMaintenance("pay"))
        .hasToString("maintenance __shield:svc_global:pay__");
    assertThat(DocumentKey.globalRateLimit()).hasToString("policy __shield:global_rl__");
    assertThat(DocumentKey.serviceRateLimit("pay")).hasToString("policy __shield:svc_rl:pay__");
    assertThat(DocumentKey.state("GET:/x")).hasToString("state GET:/x");
    assertThat(DocumentKey.policy("GET:/x")).hasToString("policy GET:/x");
    assertThat(DocumentKey.document("edge:x")).hasToString("document edge:x");
    for (String bad : List.of("", " ", "a/b", "a b", "__shield:x", "a\nb")) {
      assertThatThrownBy(() -> DocumentKey.serviceMaintenance(bad))
          .isInstanceOf(InvalidValueException.class);
      assertThatThrownBy(() -> DocumentKey.serviceRateLimit(bad))
          .isInstanceOf(InvalidValueException.class);
    }
  }

  @Test
  void aDeletionNamesTheVersionItDeletes() {
    assertThat(new Edit(DocumentKey.state("GET:/x"), 7, null).value()).isNull();
    assertThatThrownBy(() -> new Edit(DocumentKey.state("GET:/x"), 0, null))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll(
            "expected_version", "0", "the version of the document to delete (state GET:/x)");
  }

  @Test
  void aChangeEditsEachDocumentOnce() {
    Edit state = new Edit(DocumentKey.state("GET:/x"), 0, STATE);
    Edit deletion = new Edit(DocumentKey.state("GET:/x"), 3, null);
    Edit sameNameOtherKind = new Edit(DocumentKey.document("GET:/x"), 0, new OpaqueDocument("{}"));

    assertThat(new Change("r", List.of(state, sameNameOtherKind), List.of()).edits())
        .containsExactly(state, sameNameOtherKind);
    assertThatThrownBy(() -> new Change("r", List.of(state, deletion), List.of()))
        .hasMessageContainingAll("edits", "state GET:/x", "edited once");
  }

  @Test
  void aChangeMayHoldEntriesAloneButNotNothing() {
    assertThat(new Change("r", List.of(), List.of(ENTRY)).audit()).containsExactly(ENTRY);
    assertThatThrownBy(() -> new Change("r", List.of(), List.of()))
        .hasMessageContainingAll("edits", "at least one edit or audit entry");
  }

  @Test
  void aCommitFollowsAndStampsItsEntries() {
    Head head = new Head("e", 41, "c41");
    Change change =
        new Change("r", List.of(new Edit(DocumentKey.state("GET:/x"), 0, STATE)), List.of(ENTRY));

    Commit commit = Commit.following(head, "c42", change);

    assertThat(commit.head()).isEqualTo(new Head("e", 42, "c42"));
    assertThat(commit.predecessor()).isEqualTo("c41");
    assertThat(commit.change().requestId()).isEqualTo("r");
    assertThat(commit.change().edits()).isEqualTo(change.edits());
    assertThat(commit.change().audit()).containsExactly(ENTRY.withRevision(42));
    assertThat(ENTRY.revision()).isZero();
  }
}
