package io.shield.cli;

import io.shield.ShieldOptions;
import io.shield.error.InvalidValueException;
import io.shield.internal.DotShield;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The cluster that demos form with each other. */
final class DemoCluster {
  private static final String CLUSTER = "cluster";
  private static final String VARIABLE = "SHIELD_BACKEND";

  /** Where vertx-hazelcast looks for its configuration. */
  private static final String PROPERTY = "vertx.hazelcast.config";

  private static final String OWN = "classpath:io/shield/cli/demo-cluster.xml";

  private DemoCluster() {}

  /**
   * Whether the demo is to be clustered: by its options, or by what the engine is configured with.
   */
  static boolean isWanted(ShieldOptions options) {
    String backend = options.getBackend();
    if (backend == null || backend.isEmpty()) {
      backend = System.getenv(VARIABLE);
    }
    if (backend == null || backend.isEmpty()) {
      backend = DotShield.find(Path.of("").toAbsolutePath()).get(VARIABLE);
    }
    return CLUSTER.equals(backend);
  }

  /**
   * Starts a member.
   *
   * @param config a file, or null for the demo's own configuration
   */
  static Future<Vertx> start(@Nullable String config) {
    if (config != null && !Files.isReadable(Path.of(config))) {
      throw new InvalidValueException("--cluster-config", config, "a file that can be read");
    }
    System.setProperty(PROPERTY, config == null ? OWN : config);
    return Vertx.builder().buildClustered();
  }
}
