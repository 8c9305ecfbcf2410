package io.shield.admin;

import io.shield.ShieldOptions;
import io.shield.error.InvalidValueException;
import io.shield.internal.JsonOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration of a deployment says of an engine and its admin API.
 *
 * @param engineName the name of an engine that somebody else starts, or null
 * @param engine how to start an engine, or null if another one is named, or nothing is said
 * @param admin how the API listens and whom it lets in
 */
record VerticleConfig(
    @Nullable String engineName, @Nullable ShieldOptions engine, AdminOptions admin) {
  private static final String ENGINE = "engine";
  private static final String ADMIN = "admin";
  private static final List<String> FIELDS = List.of(ENGINE, ADMIN);

  /**
   * Reads a configuration. A field that is null counts as not set.
   *
   * @throws InvalidValueException if a value is not allowed or a field is not known
   */
  static VerticleConfig of(JsonObject json) {
    new JsonOptions(json).only(FIELDS);
    AdminOptions admin = read(json, ADMIN, AdminOptions::new);
    Object engine = json.getValue(ENGINE);
    if (engine instanceof String name) {
      return new VerticleConfig(name, null, admin == null ? new AdminOptions() : admin);
    }
    return new VerticleConfig(
        null, read(json, ENGINE, ShieldOptions::new), admin == null ? new AdminOptions() : admin);
  }

  private static <T> @Nullable T read(JsonObject json, String field, Function<JsonObject, T> make) {
    if (json.getValue(field) == null) {
      return null;
    }
    try {
      return make.apply(new JsonOptions(json).object(field));
    } catch (InvalidValueException e) {
      throw e.field().equals(field) ? e : e.within(field);
    }
  }
}
