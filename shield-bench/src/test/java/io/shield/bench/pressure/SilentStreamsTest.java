package io.shield.bench.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Streams that nobody reads leave an application with a small heap alive, and its gate answering.
 * By {@code -Dshield.pressure.streams=5000}.
 */
class SilentStreamsTest {
  @Test
  @EnabledIfSystemProperty(named = "shield.pressure.streams", matches = "\\d+")
  @SuppressWarnings("try") // the storm goes on until it is closed
  void theGateGoesOn() throws Exception {
    int count = Integer.getInteger("shield.pressure.streams");
    try (AppProcess app = new AppProcess();
        Storm storm = new Storm(app).silentStreams(count)) {
      GateClient.measure(app.port(), 15);
      assertThat(app.isAlive()).isTrue();
      app.change(app.token("operator"), true);
    }
  }
}
