package io.shield.internal;

import io.shield.model.RouteState;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;

/** What a handler needs of an engine beyond its public interface. Every engine implements it. */
public interface EngineInternals {
  /** The compiled verdicts. */
  Gates gates();

  /** The clock decisions are made by. */
  InstantSource clock();

  /** The Vert.x instance the engine runs on. */
  Vertx vertx();

  /**
   * Declares routes; they are enforced at once and stored as soon as the store can be written. May
   * be called from any thread, does not block.
   */
  void declare(List<RouteState> declarations);

  /**
   * Adds something that can be asked to declare what it has not declared yet. It is asked before a
   * route is looked up to be changed, on any thread. Held weakly.
   */
  void addRouteSource(RouteSource source);

  /** Counts an error inside Shield that let a request pass. */
  void countError(Throwable error);

  /** Something that knows of routes. */
  @FunctionalInterface
  interface RouteSource {
    /** Declares what is new. */
    void refresh();
  }
}
