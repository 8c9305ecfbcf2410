package io.shield.impl;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.error.ShieldException;
import io.shield.impl.replica.EngineClosed;
import io.shield.internal.DeclaredProtection;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Closeable;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes engines, and finds started ones by name within one Vert.x instance. */
public final class Engines {
  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
  private static final String MAP = "io.shield.engines";

  /** Whether the start of an engine was rehearsed in this process. */
  private static final AtomicBoolean REHEARSED = new AtomicBoolean();

  private Engines() {}

  /** See {@link ShieldEngine#create(Vertx, ShieldOptions)}. */
  public static ShieldEngine create(Vertx vertx, ShieldOptions options) {
    Objects.requireNonNull(vertx, "vertx");
    ShieldOptions own = new ShieldOptions(options);
    VertxInternal inner = (VertxInternal) vertx;
    try {
      Configuration configuration =
          Configuration.of(own, System.getenv(), Path.of(System.getProperty("user.dir")));
      EngineCore core = new EngineCore(inner, configuration);
      return new EngineHandle(new Shared(core, rehearseOnce(inner), null));
    } catch (ShieldException bad) {
      EngineCore core = new EngineCore(inner, Configuration.bare(own));
      return new EngineHandle(new Shared(core, Future.succeededFuture(), bad));
    }
  }

  private static Future<Void> rehearseOnce(VertxInternal vertx) {
    return REHEARSED.compareAndSet(false, true)
        ? rehearse(vertx, MemoryBackend.create())
        : Future.succeededFuture();
  }

  /**
   * Starts and closes an engine on a worker, so that what a start needs of this library and of
   * Java's is loaded there: on the event loop of the first engine it would take a tenth of a second
   * and more, in which nobody else on that loop is served.
   *
   * @return succeeds in any case: what fails here, the start will tell
   */
  static Future<Void> rehearse(VertxInternal vertx, ShieldBackend store) {
    ContextInternal worker = EngineCore.worker(vertx);
    ShieldOptions options = new ShieldOptions().setName("rehearsal").setBackend(store);
    EngineCore engine = new EngineCore(vertx, Configuration.ofAlone(options), worker, worker);
    RouteState route = RouteState.builder("GET:/rehearsal").status(RouteStatus.DISABLED).build();
    return engine
        .onEngine(
            () ->
                engine
                    .register(List.of(route))
                    .compose(v -> engine.open())
                    .eventually(engine::close))
        .otherwiseEmpty();
  }

  /** See {@link ShieldEngine#get}. */
  public static ShieldEngine get(Vertx vertx, String name) {
    LocalMap<String, Shared> engines = engines(vertx);
    Shared engine = engines.get(Objects.requireNonNull(name, "name"));
    if (engine == null || !engine.retain()) {
      String known = String.join(", ", new TreeSet<>(engines.keySet()));
      throw new ShieldException(
          "no started engine is named '"
              + name
              + "'; started here: "
              + (known.isEmpty() ? "none" : known));
    }
    return new EngineHandle(engine);
  }

  /** Makes a started engine known by its name. */
  static void publish(Shared engine) {
    Configuration configuration = engine.core().configuration();
    String name = configuration.name();
    Shared taken = engines(engine.core().vertx()).putIfAbsent(name, engine);
    if (taken == null) {
      return;
    }
    if (configuration.options().getName() != null) {
      throw new ShieldException(
          "an engine named '"
              + name
              + "' is already started on this Vert.x; share it with ShieldEngine.get, or choose"
              + " another name");
    }
    LOG.warn(
        "Another engine of this Vert.x is named '{}' already; this one cannot be found by"
            + " ShieldEngine.get. Share one engine, or give each a name.",
        name);
  }

  static void withdraw(Shared engine) {
    engines(engine.core().vertx()).removeIfPresent(engine.core().configuration().name(), engine);
  }

  private static LocalMap<String, Shared> engines(Vertx vertx) {
    return vertx.sharedData().getLocalMap(MAP);
  }

  /** An engine with the number of handles that hold it open. Thread-safe. */
  static final class Shared implements Closeable, Shareable {
    private final EngineCore core;
    private final Future<Void> rehearsal;
    private final @Nullable ShieldException badConfiguration;
    private int handles = 1;
    private boolean started;
    private @Nullable Future<Void> closing;

    /**
     * @param rehearsal what the start waits for
     */
    Shared(EngineCore core, Future<Void> rehearsal, @Nullable ShieldException badConfiguration) {
      this.core = core;
      this.rehearsal = rehearsal;
      this.badConfiguration = badConfiguration;
      vertx().addCloseHook(this);
      DeclaredProtection.opened(vertx());
    }

    EngineCore core() {
      return core;
    }

    Future<Void> start() {
      ShieldException problem = mayStart();
      if (problem != null) {
        return core.onEngine(() -> Future.failedFuture(problem));
      }
      return core.start(rehearsal)
          .map(
              v -> {
                publish();
                return (Void) null;
              })
          .recover(failure -> closeNow().transform(closed -> Future.failedFuture(failure)));
    }

    private synchronized @Nullable ShieldException mayStart() {
      if (closing != null) {
        return EngineClosed.failure();
      }
      if (started) {
        return new ShieldException("the engine is already started");
      }
      started = true;
      return badConfiguration;
    }

    private synchronized void publish() {
      if (closing != null) {
        throw EngineClosed.failure();
      }
      Engines.publish(this);
    }

    private VertxInternal vertx() {
      return (VertxInternal) core.vertx();
    }

    /** Adds a handle; false if the engine is closed already. */
    synchronized boolean retain() {
      if (handles == 0) {
        return false;
      }
      handles++;
      return true;
    }

    /** Takes a handle away; the last one closes the engine. */
    Future<Void> release() {
      synchronized (this) {
        if (handles > 0) {
          handles--;
        }
        if (handles > 0) {
          return Future.succeededFuture();
        }
      }
      return core.onCaller(closeNow());
    }

    /** Succeeds when the engine is closed, at once if others hold it open. */
    Future<Void> closed() {
      Future<Void> known;
      synchronized (this) {
        known = closing;
      }
      return known == null ? Future.succeededFuture() : core.onCaller(known);
    }

    private synchronized Future<Void> closeNow() {
      if (closing == null) {
        handles = 0;
        vertx().removeCloseHook(this);
        Engines.withdraw(this);
        DeclaredProtection.closed(vertx());
        closing = core.close();
      }
      return closing;
    }

    /** Vert.x itself is closing. */
    @Override
    public void close(Completable<Void> completion) {
      closeNow().onComplete(completion);
    }
  }
}
