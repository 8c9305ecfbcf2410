package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.error.InvalidValueException;
import io.shield.error.VersionMismatchException;
import io.shield.memory.MemoryBackend;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.Versioned;
import org.junit.jupiter.api.Test;

/** Small documents beside the state. */
class DocumentsTest extends EngineTest {
  private final MemoryBackend store = MemoryBackend.create();
  private final ShieldEngine engine = started(store);

  @Test
  void aDocumentIsWrittenReadAndDeletedByItsVersion() {
    assertThat(engine.documents().get("cursor")).isEmpty();
    Versioned<OpaqueDocument> first = await(engine.documents().put("cursor", "1", 0));
    assertThat(first.value().content()).isEqualTo("1");
    assertThat(engine.documents().get("cursor")).contains(first);
    Versioned<OpaqueDocument> second =
        await(engine.documents().put("cursor", "2", first.version()));
    assertThat(second.version()).isGreaterThan(first.version());
    await(engine.documents().delete("cursor", second.version()));
    assertThat(engine.documents().get("cursor")).isEmpty();
    Versioned<OpaqueDocument> again = await(engine.documents().put("cursor", "3", 0));
    assertThat(again.version()).isGreaterThan(second.version() + 1);
    assertThat(auditOf(store)).isEmpty();
  }

  @Test
  void anotherVersionIsRefused() {
    Versioned<OpaqueDocument> first = await(engine.documents().put("cursor", "1", 0));
    assertThat(failureOf(engine.documents().put("cursor", "2", 0)))
        .isInstanceOfSatisfying(
            VersionMismatchException.class, e -> assertThat(e.actual()).isEqualTo(first.version()))
        .hasMessageContaining("document cursor");
    assertThat(failureOf(engine.documents().delete("cursor", first.version() + 1)))
        .isInstanceOf(VersionMismatchException.class);
    assertThat(failureOf(engine.documents().delete("nothing", 3)))
        .isInstanceOf(VersionMismatchException.class);
    assertThat(failureOf(engine.documents().delete("nothing", 0)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("expected_version");
    assertThat(engine.documents().get("cursor")).contains(first);
  }

  @Test
  void aDocumentHasAName() {
    assertThat(failureOf(engine.documents().put(" ", "x", 0)))
        .isInstanceOf(InvalidValueException.class);
    assertThat(failureOf(engine.documents().put("a", "x".repeat((1 << 20) + 1), 0)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("content");
  }
}
