package io.shield.backend.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.error.InvalidValueException;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An engine that follows a server for a service is that service's. */
class ServerServiceTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(2, TimeUnit.MINUTES);
  }

  private void start(ShieldOptions options) throws Exception {
    ServerBackendOptions server =
        new ServerBackendOptions().setUrls(List.of("http://localhost:1")).setService("shop");
    ShieldEngine.create(vertx, options.setBackend(ServerBackend.create(server)))
        .start()
        .await(2, TimeUnit.MINUTES);
  }

  @Test
  void anEngineWithoutAServiceIsRefused() {
    assertThatThrownBy(() -> start(new ShieldOptions()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage(
            "service: '' is not allowed, must be 'shop', as the backend's (setService,"
                + " SHIELD_APP_ID)");
  }

  @Test
  void soIsOneOfAnotherService() {
    assertThatThrownBy(() -> start(new ShieldOptions().setService("billing")))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("'billing' is not allowed, must be 'shop'");
  }
}
