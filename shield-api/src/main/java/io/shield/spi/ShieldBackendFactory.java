package io.shield.spi;

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
}
