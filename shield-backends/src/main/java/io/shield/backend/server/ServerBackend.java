package io.shield.backend.server;

import io.shield.backend.server.impl.ServerBackendImpl;
import io.shield.spi.ShieldBackend;
import java.util.Objects;

/**
 * The store behind a Shield Server.
 *
 * <p>Changes come by a stream of server-sent events, which is opened again, with pauses that grow,
 * when it ends or falls silent; what was missed is asked for by the id of the last event, or loaded
 * anew. Requests never wait for the server: they are decided on the engine's copy.
 *
 * <p>With a service's name it sees and changes what is that service's, under the names that the
 * service's own code uses; without, everything, for which it needs an admin's token.
 */
public interface ServerBackend extends ShieldBackend {
  /** A client of the servers that the options name; opens nothing yet. */
  static ServerBackend create(ServerBackendOptions options) {
    return new ServerBackendImpl(
        new ServerBackendOptions(Objects.requireNonNull(options, "options")));
  }
}
