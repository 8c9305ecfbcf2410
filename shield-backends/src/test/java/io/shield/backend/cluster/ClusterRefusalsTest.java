package io.shield.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.error.InvalidValueException;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the backend does not work with, and how that is said. */
class ClusterRefusalsTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(120, TimeUnit.SECONDS);
  }

  private void start(ShieldOptions options) throws Exception {
    ShieldEngine.create(vertx, options.putSetting("SHIELD_CACHE_DIR", "off"))
        .start()
        .await(120, TimeUnit.SECONDS);
  }

  @Test
  void aVertxThatIsNotClusteredIsRefusedByName() {
    assertThatThrownBy(() -> start(new ShieldOptions().setBackend("cluster")))
        .hasMessageContaining("needs a clustered Vert.x");
  }

  @Test
  void aNumberOfMembersThatIsNoneIsNamed() {
    for (String bad : new String[] {"0", "-1", "three", "1.5", "1001"}) {
      ShieldOptions options =
          new ShieldOptions().setBackend("cluster").putSetting("SHIELD_CLUSTER_MEMBERS", bad);

      assertThatThrownBy(() -> start(options))
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContaining("SHIELD_CLUSTER_MEMBERS")
          .hasMessageContaining(bad);
    }
  }

  @Test
  void isFoundByItsName() {
    assertThatThrownBy(() -> start(new ShieldOptions().setBackend("clustered")))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("cluster,");
    assertThat(ClusterBackend.create(new ClusterBackendOptions()).location())
        .isEqualTo("cluster default");
  }
}
