package io.shield.web.telemetry;

import io.shield.decision.Decision;
import io.shield.decision.Decision.Refusal;
import io.shield.internal.EngineInternals;
import io.vertx.core.http.HttpMethod;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of each decision whoever wants to know. Of a request that passes nothing is told to the
 * log, and nothing is allocated unless its span is recorded. Thread-safe.
 */
public final class DecisionTeller {
  private static final Logger LOG = LoggerFactory.getLogger(DecisionTeller.class);
  private static final Spans SPANS = Spans.find();

  private final EngineInternals engine;

  /** Tells what handlers of this engine decide. */
  public DecisionTeller(EngineInternals engine) {
    this.engine = engine;
  }

  /** A request to a route passes. */
  public void passes(String template, HttpMethod method) {
    engine.meters().decided(template, method, Decision.ALLOW);
    SPANS.passes(template);
  }

  /** A request to a route is refused, also if nobody can be told of it. */
  public void refused(String template, HttpMethod method, Refusal refusal) {
    try {
      engine.meters().decided(template, method, refusal);
      engine.refusalLog().refused(template, method, refusal);
      SPANS.refused(template, refusal);
    } catch (VirtualMachineError fatal) {
      throw fatal;
    } catch (Throwable e) {
      log("A refusal could not be told of", e);
    }
  }

  /** Logs what went wrong with a refusal. A log that fails, too, lets nothing pass. */
  public static void log(String what, Throwable error) {
    try {
      LOG.error(what, error);
    } catch (RuntimeException | LinkageError untold) {
      // It may be the log that failed in the first place.
    }
  }
}
