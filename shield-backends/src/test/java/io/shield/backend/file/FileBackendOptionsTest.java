package io.shield.backend.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileBackendOptionsTest {
  @Test
  void everyPropertySurvivesJsonAndCopying() {
    FileBackendOptions options = new FileBackendOptions().setPath("other.yaml").setAuditLimit(7);

    for (FileBackendOptions again :
        new FileBackendOptions[] {
          new FileBackendOptions(options), new FileBackendOptions(options.toJson())
        }) {
      assertThat(again.getPath()).isEqualTo("other.yaml");
      assertThat(again.getAuditLimit()).isEqualTo(7);
      assertThat(again.toJson()).isEqualTo(options.toJson());
    }
  }

  @Test
  void hasTheDocumentedDefaults() {
    assertThat(new FileBackendOptions(new JsonObject()).toJson())
        .isEqualTo(new FileBackendOptions().toJson())
        .isEqualTo(new JsonObject().put("path", "shield-state.json").put("auditLimit", 1000));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 100_001})
  void anAuditLimitOutOfRangeIsRefused(int limit) {
    assertThatThrownBy(() -> new FileBackendOptions().setAuditLimit(limit))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage(
            "auditLimit: "
                + limit
                + " is not allowed, must be a whole number between 1 and 100000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a\nb.json", "\uD800.json", "/"})
  void whatIsNoPathIsRefused(String path) {
    assertThatThrownBy(() -> new FileBackendOptions().setPath(path))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("path: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"path\": 1}", "{\"auditLimit\": \"many\"}", "{\"other\": 1}"})
  void jsonOfAnotherShapeIsRefused(String json) {
    assertThatThrownBy(() -> new FileBackendOptions(new JsonObject(json)))
        .isInstanceOf(InvalidValueException.class);
  }
}
