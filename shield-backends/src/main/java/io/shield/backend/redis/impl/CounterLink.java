package io.shield.backend.redis.impl;

import io.shield.error.ShieldException;
import io.shield.model.KeyStrategy;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.SharedCounters.Answer;
import io.shield.spi.limit.SharedCounters.Demand;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one event loop to the counters. What is asked for in one turn of the loop is
 * sent together, equal requests as one. Used on its event loop.
 */
final class CounterLink {
  /** So long a request waits for an answer at most. */
  private static final long PATIENCE_MILLIS = 5;

  private static final long PROBE_SECONDS = 1;

  /** What is charged to see whether Redis counts: nothing that anybody asks for. */
  private static final Demand PROBE =
      new Demand(
          new Limit(
              "probe",
              null,
              KeyStrategy.GLOBAL,
              LimitRule.of(
                  RateLimitAlgorithm.FIXED_WINDOW, new RateLimit(1000, Duration.ofSeconds(1)))),
          "probe",
          1,
          false,
          0);

  private final ContextInternal context;
  private final Clients clients;
  private final Breaker breaker;
  private final CounterKeys keys;
  private final Function<String, String> generation;
  private final @Nullable Runnable onElsewhere;
  private Map<List<Demand>, CounterCall> gathered = new LinkedHashMap<>();
  private @Nullable Future<RedisConnection> connection;
  private boolean closed;

  /**
   * @param generation the latest reset of a policy that is known here
   * @param onElsewhere called when the server says that another has the keys that it was asked for;
   *     null if it is to have all
   */
  CounterLink(
      ContextInternal context,
      Clients clients,
      Breaker breaker,
      CounterKeys keys,
      Function<String, String> generation,
      @Nullable Runnable onElsewhere) {
    this.context = context;
    this.clients = clients;
    this.breaker = breaker;
    this.keys = keys;
    this.generation = generation;
    this.onElsewhere = onElsewhere;
  }

  ContextInternal context() {
    return context;
  }

  /** Whether it can be used without waiting for a connection. */
  boolean isConnected() {
    Future<RedisConnection> open = connection;
    return open != null && open.succeeded();
  }

  Future<RedisConnection> connect() {
    Future<RedisConnection> open = connection;
    if (open != null) {
      return open;
    }
    if (closed) {
      return Future.failedFuture(failure("the counters are closed"));
    }
    Future<RedisConnection> opening = clients.connect();
    connection = opening;
    opening
        .onSuccess(
            made -> {
              made.endHandler(v -> forget(opening));
              made.exceptionHandler(e -> forget(opening));
              if (closed) {
                Clients.discard(made);
              }
            })
        .onFailure(e -> forget(opening));
    return opening;
  }

  private void forget(Future<RedisConnection> lost) {
    if (connection == lost) {
      connection = null;
    }
  }

  private void drop(RedisConnection made) {
    Future<RedisConnection> open = connection;
    if (open != null && open.succeeded() && open.result() == made) {
      connection = null;
      Clients.discard(made);
    }
  }

  void add(List<Demand> demands, Promise<Answer> request) {
    if (gathered.isEmpty()) {
      context.runOnContext(v -> flush());
    }
    gathered.computeIfAbsent(demands, CounterCall::new).add(request);
  }

  private void flush() {
    List<CounterCall> calls = new ArrayList<>(gathered.values());
    gathered = new LinkedHashMap<>();
    context.owner().setTimer(PATIENCE_MILLIS, timer -> giveUp(calls));
    Future<RedisConnection> open = connect();
    if (open.succeeded()) {
      calls.forEach(call -> send(open.result(), call));
    } else {
      open.onSuccess(made -> calls.forEach(call -> send(made, call)))
          .onFailure(e -> failed(calls, e));
    }
  }

  /** They may be counted nevertheless, which is not given back. */
  private void giveUp(List<CounterCall> calls) {
    if (calls.stream().allMatch(CounterCall::isOver)) {
      return;
    }
    breaker.failed("no answer within " + PATIENCE_MILLIS + " ms");
    ShieldException late = failure("no answer in time");
    calls.forEach(call -> call.failed(late));
  }

  private void failed(List<CounterCall> calls, Throwable cause) {
    breaker.open(String.valueOf(cause.getMessage()));
    calls.forEach(call -> call.failed(cause));
  }

  private void send(RedisConnection made, CounterCall call) {
    if (call.isOver()) {
      return;
    }
    send(made, whole -> call.request(whole, keys, generation))
        .onComplete(
            result -> {
              if (result.failed()) {
                refused(made, call, result.cause());
              } else if (!call.isOver()) {
                call.answered(result.result());
                breaker.answered();
              }
            });
  }

  private void refused(RedisConnection made, CounterCall call, Throwable cause) {
    Throwable failure = Failures.of(clients.address(), cause);
    if (onElsewhere != null && Failures.isElsewhere(cause)) {
      // It answers, so that nothing is wrong with it.
      onElsewhere.run();
      call.failed(failure);
      return;
    }
    if (Failures.isMoved(cause)) {
      drop(made);
    }
    breaker.failed(clients.problem(cause));
    call.failed(failure);
  }

  /** Redis forgets scripts when it is told to and when it is restarted. */
  private static Future<Response> send(RedisConnection made, Function<Boolean, Request> request) {
    return made.send(request.apply(false))
        .recover(
            failure ->
                String.valueOf(failure.getMessage()).contains("NOSCRIPT")
                    ? made.send(request.apply(true))
                    : Future.failedFuture(failure));
  }

  /** Sends something that nobody waits for. */
  Future<Response> send(Function<Boolean, Request> request) {
    return connect().compose(made -> send(made, request));
  }

  /**
   * Whether Redis counts and answers as fast as requests need it. If it does not answer within a
   * second, the connection is given up. Fails with one line for people.
   *
   * @param place what a key begins with that the server has
   */
  Future<Boolean> probe(String place) {
    return connect()
        .compose(
            made -> {
              long sent = System.nanoTime();
              return send(made, whole -> probe(whole, place))
                  .timeout(PROBE_SECONDS, TimeUnit.SECONDS)
                  .onFailure(e -> drop(made))
                  .map(
                      written ->
                          System.nanoTime() - sent
                              <= TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS));
            })
        .recover(e -> Future.failedFuture(new ShieldException(clients.problem(e), e)));
  }

  private Request probe(boolean whole, String place) {
    return CounterCall.request(Script.CHARGE, whole, place, "", "1", List.of(PROBE), generation);
  }

  private ShieldException failure(String what) {
    return new ShieldException("Redis at " + clients.address() + ": " + what);
  }

  Future<Void> close() {
    closed = true;
    Future<RedisConnection> open = connection;
    connection = null;
    if (open != null) {
      open.onSuccess(Clients::discard);
    }
    return clients.close();
  }
}
