package io.shield.backend.cluster.impl;

import io.shield.backend.cluster.ClusterBackend;
import io.shield.backend.cluster.ClusterBackendOptions;
import io.shield.error.InvalidValueException;
import io.shield.spi.BackendSettings;
import io.shield.spi.ShieldBackend;
import io.shield.spi.ShieldBackendFactory;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** Makes the cluster backend, in the cluster of the engine's Vert.x. */
public final class ClusterBackendFactory implements ShieldBackendFactory {
  private static final String MEMBERS = "SHIELD_CLUSTER_MEMBERS";

  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public @Nullable String refusal(Vertx vertx) {
    return Cluster.refusal(vertx);
  }

  @Override
  public ShieldBackend create(BackendSettings settings) {
    ClusterBackendOptions options = new ClusterBackendOptions().setName(settings.name());
    String members = settings.setting(MEMBERS);
    if (members != null) {
      options.setMembers(number(members));
    }
    return ClusterBackend.create(options, settings.clock());
  }

  private static int number(String members) {
    try {
      int number = Integer.parseInt(members);
      if (number >= 1 && number <= ClusterBackendOptions.MAX_MEMBERS) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new InvalidValueException(
        MEMBERS, members, "a whole number between 1 and " + ClusterBackendOptions.MAX_MEMBERS);
  }
}
