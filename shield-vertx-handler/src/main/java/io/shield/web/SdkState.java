package io.shield.web;

import io.shield.ShieldEngine;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Control;
import io.shield.model.store.Head;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a {@link ShieldSdk} stands to its server. What it enforces, it enforces in every state. */
public enum SdkState {
  /** The server was not reached yet, and nothing is known from before: the code's word holds. */
  CONNECTING,
  /** What is enforced is what the server says. */
  READY,
  /** The server cannot be reached: what it said last stays in force. */
  STALE,
  /** The server refuses this client, or is not the one it knew: somebody has to look. */
  FAILED;

  /**
   * How an engine stands to its server. May be called from any thread.
   *
   * @return null if no server controls it, or it was not started yet
   */
  public static @Nullable SdkState of(ShieldEngine engine) {
    Control control =
        engine instanceof EngineInternals.Holder made ? made.internals().control() : Control.NONE;
    if (control == Control.NONE) {
      return null;
    }
    boolean refused = control == Control.REFUSED;
    return switch (engine.store().status().condition()) {
      case READY -> READY;
      case DISTRUSTED -> FAILED;
      case UNREACHABLE, CLOSED -> refused ? FAILED : STALE;
      case STARTING -> {
        boolean known = !engine.snapshot().head().equals(Head.NONE);
        yield refused ? FAILED : known ? STALE : CONNECTING;
      }
    };
  }

  /** The name in health answers and logs. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
