package io.shield.backend.redis.impl;

import io.netty.channel.EventLoop;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.error.ShieldException;
import io.shield.spi.limit.SharedCounters.Answer;
import io.shield.spi.limit.SharedCounters.Demand;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One server that counts. Every event loop has a connection of its own; until that is open, and
 * from other threads, the one that was opened first is used. Thread-safe.
 */
final class CounterServer {
  /** So often a server is tried while it does not answer. */
  static final long PROBE_MILLIS = 200;

  /**
   * While it answers, only each so manieth time: else nobody would know that it does not before a
   * request is charged.
   */
  private static final int PROBES_LEFT_OUT = 5;

  /**
   * What all servers that count together have in common.
   *
   * @param prefix what all keys of the backend begin with
   * @param generation the latest reset of a policy that is known here
   */
  record Common(String prefix, CounterKeys keys, Function<String, String> generation) {}

  private final RedisBackendOptions options;
  private final @Nullable Redis given;
  private final String address;
  private final Common common;
  private final Supplier<String> probed;
  private final @Nullable Runnable onElsewhere;
  private final Breaker breaker;
  private final Map<EventLoop, CounterLink> links = new ConcurrentHashMap<>();
  private final CounterLink home;
  private long timer = -1;
  private boolean probing;
  private int leftOut;
  private volatile boolean closed;

  /**
   * @param options how it is found and reached
   * @param given the caller's client, or null to make own ones
   * @param address what to call it in messages
   * @param probed what a key begins with that it has
   * @param onElsewhere called when it says that another has the keys that it was asked for; null if
   *     it is to have all
   */
  CounterServer(
      Vertx vertx,
      RedisBackendOptions options,
      @Nullable Redis given,
      String address,
      Common common,
      Supplier<String> probed,
      @Nullable Runnable onElsewhere) {
    this.options = options;
    this.given = given;
    this.address = address;
    this.common = common;
    this.probed = probed;
    this.onElsewhere = onElsewhere;
    this.breaker = new Breaker(address);
    this.home = link(((VertxInternal) vertx).createEventLoopContext());
  }

  private CounterLink link(ContextInternal context) {
    Clients clients = new Clients(context.owner(), options, address, common.prefix(), given);
    return new CounterLink(
        context, clients, breaker, common.keys(), common.generation(), onElsewhere);
  }

  /** What to call it in messages. */
  String address() {
    return address;
  }

  /** Opens the first connection. Succeeds, after some seconds at most, although it cannot. */
  Future<Void> start() {
    ContextInternal context = home.context();
    Promise<Void> opened = context.promise();
    context.runOnContext(
        v -> {
          timer = context.setPeriodic(PROBE_MILLIS, id -> probe());
          home.probe(probed.get())
              .timeout(options.getConnectTimeout().toMillis(), TimeUnit.MILLISECONDS)
              .onFailure(e -> breaker.open(String.valueOf(e.getMessage())))
              .transform(made -> Future.<Void>succeededFuture())
              .onComplete(opened);
        });
    return opened.future();
  }

  private void probe() {
    if (probing || (!breaker.isOpen() && ++leftOut < PROBES_LEFT_OUT)) {
      return;
    }
    leftOut = 0;
    probing = true;
    home.probe(probed.get())
        .onComplete(
            result -> {
              probing = false;
              if (result.failed()) {
                failed(result.cause());
              } else if (result.result()) {
                breaker.close();
              }
            });
  }

  /** One that says that another has the keys now answers. */
  private void failed(Throwable cause) {
    Throwable reason = cause.getCause();
    if (onElsewhere != null && reason != null && Failures.isElsewhere(reason)) {
      onElsewhere.run();
    } else if (!closed) {
      breaker.open(String.valueOf(cause.getMessage()));
    }
  }

  /** Charges what one call of the script can charge. */
  Future<Answer> charge(List<Demand> demands) {
    if (closed || breaker.isOpen()) {
      return Future.failedFuture(new ShieldException("Redis does not count now"));
    }
    ContextInternal caller = home.context().owner().getOrCreateContext();
    Promise<Answer> answer = caller.promise();
    CounterLink own = ownLink(caller);
    if (own != null && own.isConnected()) {
      own.add(demands, answer);
    } else {
      if (own != null) {
        own.connect();
      }
      home.context().runOnContext(v -> home.add(demands, answer));
    }
    return answer.future();
  }

  /** That of the caller's event loop; null if the caller is on none. */
  private @Nullable CounterLink ownLink(ContextInternal caller) {
    if (!caller.isEventLoopContext() || !caller.inThread()) {
      return null;
    }
    EventLoop loop = caller.nettyEventLoop();
    CounterLink known = links.get(loop);
    return known == null
        ? links.computeIfAbsent(
            loop,
            l ->
                link(
                    caller
                        .owner()
                        .contextBuilder()
                        .withThreadingModel(ThreadingModel.EVENT_LOOP)
                        .withEventLoop(l)
                        .build()))
        : known;
  }

  /** Sends something that no request waits for. */
  Future<Response> send(Function<Boolean, Request> request) {
    Promise<Response> sent = home.context().promise();
    home.context().runOnContext(v -> home.send(request).onComplete(sent));
    return sent.future();
  }

  /** What is wrong, in one line; null while it answers. */
  @Nullable String problem() {
    return breaker.problem();
  }

  /** Closes what was opened. */
  Future<Void> close() {
    closed = true;
    List<CounterLink> all = new ArrayList<>(links.values());
    links.clear();
    all.add(home);
    List<Future<Void>> closing = new ArrayList<>();
    for (CounterLink link : all) {
      Promise<Void> done = Promise.promise();
      link.context()
          .runOnContext(
              v -> {
                if (link == home) {
                  link.context().owner().cancelTimer(timer);
                }
                link.close().onComplete(done);
              });
      closing.add(done.future());
    }
    return Future.join(closing).mapEmpty();
  }
}
