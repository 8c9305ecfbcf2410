package io.shield.spi;

import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Makes the backend of one name. Found by {@link java.util.ServiceLoader}; a module that offers one
 * declares it in {@code META-INF/services} and in its module descriptor.
 */
public interface ShieldBackendFactory {
  /** The name by which {@code SHIELD_BACKEND} selects it. */
  String name();

  /**
   * Makes a backend; opens nothing yet.
   *
   * @throws io.shield.error.ShieldException if a setting is not allowed or an optional artifact is
   *     missing, in which case the message names the artifact to add
   */
  ShieldBackend create(BackendSettings settings);

  /**
   * Why it makes no backend for a Vert.x, or null, the default, if it does. Asked where the backend
   * was not asked for by name: the engine then does without it.
   */
  default @Nullable String refusal(Vertx vertx) {
    return null;
  }
}
