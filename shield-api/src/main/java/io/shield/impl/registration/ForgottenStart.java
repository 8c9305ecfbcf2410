package io.shield.impl.registration;

import io.vertx.core.internal.ContextInternal;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of an engine that nobody started although its handlers judge requests: everything seems to
 * work, but nothing that was stored is enforced. Looked for by a timer, from the first handler on,
 * until the engine is started or closed; a request pays nothing for it.
 */
public final class ForgottenStart {
  /** How long an application that serves already may take to start its engine. */
  private static final long PATIENCE_MILLIS = 10_000;

  private static final long NONE = -1;

  private final ContextInternal context;
  private final BooleanSupplier asked;
  private final long patienceMillis;
  private final Logger log;
  private long timer = NONE;
  private boolean over;

  /** A watch over an engine; {@code asked} tells whether a request was judged. */
  public ForgottenStart(ContextInternal context, BooleanSupplier asked) {
    this(context, asked, PATIENCE_MILLIS, LoggerFactory.getLogger(ForgottenStart.class));
  }

  ForgottenStart(ContextInternal context, BooleanSupplier asked, long patienceMillis, Logger log) {
    this.context = context;
    this.asked = asked;
    this.patienceMillis = patienceMillis;
    this.log = log;
  }

  /** There is a handler. Thread-safe, as the rest. */
  public synchronized void watch() {
    if (!over && timer == NONE) {
      timer = context.setPeriodic(patienceMillis, id -> look());
    }
  }

  /** The engine was started, or closed. */
  public synchronized void end() {
    over = true;
    if (timer != NONE) {
      context.owner().cancelTimer(timer);
    }
  }

  private synchronized void look() {
    if (!over && asked.getAsBoolean()) {
      end();
      log.warn(
          "A handler judges requests, but its engine was never started: only what the code declares"
              + " is enforced, and nothing can be changed. Call engine.start() before the server"
              + " listens");
    }
  }
}
