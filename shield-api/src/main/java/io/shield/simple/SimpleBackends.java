package io.shield.simple;

import io.shield.simple.impl.SimpleFollower;
import io.shield.simple.impl.SimpleWriter;
import io.shield.spi.ShieldBackend;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Makes a full backend of the six methods of a {@link SimpleBackend}.
 *
 * <pre>{@code
 * ShieldBackend backend = SimpleBackends.adapt(openStore());
 * ShieldEngine engine = ShieldEngine.create(vertx, new ShieldOptions().setBackend(backend));
 * }</pre>
 */
public final class SimpleBackends {
  private SimpleBackends() {}

  /** The backend of the one process that writes, with the system's clock. */
  public static ShieldBackend adapt(SimpleBackend store) {
    return adapt(store, InstantSource.system());
  }

  /**
   * The backend of the one process that writes. All engines of that process share it.
   *
   * <p>{@link ShieldBackend#startup} completes a change that a crash cut short. Neither startup nor
   * shutdown opens or closes the store itself.
   *
   * @param store the six methods
   * @param clock tells how long request ids have been remembered, and stamps adoptions
   */
  public static ShieldBackend adapt(SimpleBackend store, InstantSource clock) {
    return new SimpleWriter(
        Objects.requireNonNull(store, "store"), Objects.requireNonNull(clock, "clock"));
  }

  /**
   * The backend of every other process: it reads, and refuses changes. It never sees half a change,
   * and never writes, also when the writing process left a change unfinished.
   *
   * @param store the six methods
   */
  public static ShieldBackend follow(SimpleBackend store) {
    return new SimpleFollower(Objects.requireNonNull(store, "store"));
  }
}
