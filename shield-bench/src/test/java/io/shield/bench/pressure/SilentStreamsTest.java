package io.shield.bench.pressure;

import io.shield.bench.run.Child;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Streams that nobody reads leave an application with a small heap alive, and its gate answering.
 * By {@code -Dshield.pressure.streams=5000}.
 */
class SilentStreamsTest {
  @Test
  @EnabledIfSystemProperty(named = "shield.pressure.streams", matches = "\\d+")
  void theGateGoesOn() throws Exception {
    String count = System.getProperty("shield.pressure.streams");
    try (AppProcess app = new AppProcess();
        Child storm =
            Child.elsewhere(Storm.class, "streams", Integer.toString(app.adminPort()), count)) {
      storm.hear("begun");
      GateClient.measure(app.port(), 15);
      AdminClient admin = new AdminClient(app.adminPort());
      admin.change(admin.token("operator"), PressedApp.OTHER, true);
    }
  }
}
