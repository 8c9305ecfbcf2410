package io.shield.backend.redis.impl;

import io.shield.backend.redis.RedisBackendOptions;
import io.shield.backend.redis.RedisTopology;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a Redis Cluster among which counters are spread. Which has which is asked again when
 * one of them says that it has not what it was asked for, or does not answer. Thread-safe.
 */
final class CounterNodes {
  private final RedisBackendOptions options;
  private final CounterServer.Common common;
  private final ContextInternal context;
  private final Clients clients;

  /** By URL; used on the context. */
  private final Map<String, CounterServer> servers = new HashMap<>();

  /** By what keys begin with; empty until it was told. */
  private volatile Map<String, CounterServer> byPlace = Map.of();

  private volatile @Nullable String problem;
  private volatile boolean stale = true;
  private boolean asking;
  private boolean closed;
  private long timer = -1;

  /**
   * @param address what to call the cluster in messages
   */
  CounterNodes(
      Vertx vertx, RedisBackendOptions options, String address, CounterServer.Common common) {
    this.options = options;
    this.common = common;
    this.context = ((VertxInternal) vertx).createEventLoopContext();
    this.clients = new Clients(vertx, options, address, common.prefix(), null);
  }

  /** Opens connections. Succeeds, after some seconds at most, although it cannot. */
  Future<Void> start() {
    Promise<Void> started = context.promise();
    context.runOnContext(
        v -> {
          timer = context.setPeriodic(CounterServer.PROBE_MILLIS, id -> look());
          ask()
              .timeout(options.getConnectTimeout().toMillis(), TimeUnit.MILLISECONDS)
              .transform(asked -> Future.<Void>succeededFuture())
              .onComplete(started);
        });
    return started.future();
  }

  /** The server that has what begins so; null if none is known. */
  @Nullable CounterServer at(String place) {
    return byPlace.get(place);
  }

  private void look() {
    boolean silent = servers.values().stream().anyMatch(server -> server.problem() != null);
    if (!asking && (stale || silent)) {
      ask();
    }
  }

  /** Asks which node has what; succeeds when those that are new were connected to. */
  private Future<Void> ask() {
    asking = true;
    stale = false;
    return clients
        .slots()
        .compose(this::spread)
        .onFailure(
            e -> {
              stale = true;
              problem = byPlace.isEmpty() ? String.valueOf(e.getMessage()) : null;
            })
        .onComplete(any -> asking = false);
  }

  private Future<Void> spread(SlotMap slots) {
    if (closed) {
      return Future.succeededFuture();
    }
    Map<String, CounterServer> next = new HashMap<>();
    List<CounterServer> fresh = new ArrayList<>();
    Map<String, CounterServer> former = new HashMap<>(servers);
    for (String place : common.keys().places()) {
      String url = slots.ownerOrNull(place);
      if (url == null) {
        continue;
      }
      former.remove(url);
      CounterServer server = servers.get(url);
      if (server == null) {
        server = server(url);
        servers.put(url, server);
        fresh.add(server);
      }
      next.put(place, server);
    }
    byPlace = Map.copyOf(next);
    problem = null;
    former.forEach(
        (url, server) -> {
          servers.remove(url);
          server.close();
        });
    return Future.join(fresh.stream().map(CounterServer::start).toList()).mapEmpty();
  }

  private CounterServer server(String url) {
    RedisBackendOptions there =
        new RedisBackendOptions(options).setTopology(RedisTopology.STANDALONE).setUrl(url);
    String address = RedisUrl.parse("url", url).toString();
    return new CounterServer(
        context.owner(), there, null, address, common, () -> placeAt(address), () -> stale = true);
  }

  /** What a key begins with that a server has. */
  private String placeAt(String address) {
    return byPlace.entrySet().stream()
        .filter(entry -> entry.getValue().address().equals(address))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(common.keys().prefix());
  }

  /** What is wrong with any of them, in one line; null while all answer. */
  @Nullable String problem() {
    String own = problem;
    return own != null
        ? own
        : byPlace.values().stream()
            .map(CounterServer::problem)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
  }

  /** Closes what was opened. */
  Future<Void> close() {
    Promise<Void> done = context.promise();
    context.runOnContext(
        v -> {
          closed = true;
          context.owner().cancelTimer(timer);
          byPlace = Map.of();
          List<Future<Void>> closing = new ArrayList<>();
          servers.values().forEach(server -> closing.add(server.close()));
          servers.clear();
          closing.add(clients.close());
          Future.join(closing).<Void>mapEmpty().onComplete(done);
        });
    return done.future();
  }
}
