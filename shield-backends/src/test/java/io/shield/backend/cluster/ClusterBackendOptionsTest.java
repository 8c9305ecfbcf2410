package io.shield.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import io.vertx.core.json.JsonObject;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Defaults, validation, copies and JSON of the options. */
class ClusterBackendOptionsTest {
  private static ClusterBackendOptions full() {
    return new ClusterBackendOptions().setName("mine").setAuditLimit(77).setMembers(5);
  }

  @Test
  void jsonAndCopiesHoldEverything() {
    JsonObject json = full().toJson();

    assertThat(json.size()).isEqualTo(3);
    assertThat(new ClusterBackendOptions(json).toJson()).isEqualTo(json);
    assertThat(new ClusterBackendOptions(full()).toJson()).isEqualTo(json);
    JsonObject defaults = new ClusterBackendOptions().toJson();
    json.forEach(e -> assertThat(e.getValue()).isNotEqualTo(defaults.getValue(e.getKey())));
    assertThat(new ClusterBackendOptions(new JsonObject()).toJson()).isEqualTo(defaults);
    assertThat(new ClusterBackendOptions(defaults).toJson()).isEqualTo(defaults);
  }

  @Test
  void wrongValuesAreNamed() {
    ClusterBackendOptions options = new ClusterBackendOptions();
    assertRefused(() -> options.setName("a b"), "name");
    assertRefused(() -> options.setName(""), "name");
    assertRefused(() -> options.setAuditLimit(0), "auditLimit");
    assertRefused(() -> options.setMembers(0), "members");
    assertRefused(() -> new ClusterBackendOptions(new JsonObject().put("members", "3")), "members");
    assertRefused(() -> new ClusterBackendOptions(new JsonObject().put("size", 3)), "size");
  }

  private static void assertRefused(ThrowingCallable call, String named) {
    assertThatThrownBy(call).isInstanceOf(InvalidValueException.class).hasMessageContaining(named);
  }
}
