package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.fixtures.ErrorStream;
import io.shield.fixtures.ForwardingBackend;
import io.shield.memory.MemoryBackend;
import org.junit.jupiter.api.Test;

/** Who declares routes at a control plane says of which service they are, or is told of it. */
class NamelessServiceTest extends EngineTest {
  private static final String SETTING = "SHIELD_APP_ID";

  /** The store of a server, as a client sees it. */
  private static final class Server extends ForwardingBackend {
    private final boolean ofServer;

    Server(boolean ofServer) {
      super(MemoryBackend.create());
      this.ofServer = ofServer;
    }

    @Override
    public boolean isControlPlane() {
      return ofServer;
    }
  }

  private ShieldOptions at(boolean ofServer) {
    return on(new Server(ofServer));
  }

  @Test
  void routesWithoutAServiceAreToldOfOnce() {
    try (ErrorStream log = new ErrorStream()) {
      ShieldEngine engine = started(at(true));
      assertThat(log.lines(SETTING)).as("who only looks on declares nothing").isEmpty();
      register(engine, "GET:/a");
      register(engine, "GET:/b");
      assertThat(log.lines(SETTING)).singleElement().asString().contains("WARN", "setService");
    }
  }

  @Test
  void otherwiseNothingIsSaid() {
    try (ErrorStream log = new ErrorStream()) {
      register(started(at(true).setService("payments")), "GET:/a");
      register(started(at(false)), "GET:/a");
      assertThat(log.lines(SETTING)).isEmpty();
    }
  }
}
