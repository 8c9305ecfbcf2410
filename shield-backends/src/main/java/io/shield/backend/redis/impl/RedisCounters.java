package io.shield.backend.redis.impl;

import io.netty.channel.EventLoop;
import io.shield.backend.impl.PartedCharge;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.error.ShieldException;
import io.shield.model.store.Head;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.SharedCounters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts in Redis: each request in one call of a script, by Redis's clock, or one for each policy
 * where counters may lie on several nodes. Every event loop has a connection of its own; until that
 * is open, and from other threads, the one that was opened first is used.
 */
final class RedisCounters implements SharedCounters {
  private static final Logger LOG = LoggerFactory.getLogger(RedisCounters.class);

  /** So often Redis is tried while it does not answer. */
  private static final long PROBE_MILLIS = 200;

  private final RedisBackendOptions options;
  private final @Nullable Redis given;
  private final String address;
  private final String prefix;
  private final CounterKeys keys;
  private final Breaker breaker;
  private final Map<EventLoop, CounterLink> links = new ConcurrentHashMap<>();
  private final Map<String, String> generations = new ConcurrentHashMap<>();

  /** For counters on several nodes: by the beginning of their keys. */
  private final PartedCharge<String> parts =
      new PartedCharge<>() {
        @Override
        protected Future<Answer> ask(String place, List<Demand> demands) {
          return chargeTogether(demands);
        }

        @Override
        protected void giveBack(String place, Demand demand, Standing standing, long atMicros) {
          RedisCounters.this.giveBack(demand, atMicros);
          Lease lease = standing.lease();
          if (lease != null) {
            RedisCounters.this.giveBack(demand.limit(), demand.key(), lease, lease.units());
          }
        }
      };

  private volatile @Nullable CounterLink home;
  private long timer = -1;
  private boolean probing;

  /**
   * @param given the caller's client, or null to make own ones
   * @param prefix what all keys of the backend begin with
   */
  RedisCounters(RedisBackendOptions options, @Nullable Redis given, String address, String prefix) {
    this.options = options;
    this.given = given;
    this.address = address;
    this.prefix = prefix;
    this.keys = CounterKeys.of(prefix, options.isCountersPerPolicy());
    this.breaker = new Breaker(address);
  }

  @Override
  public Future<Void> startup(Vertx vertx) {
    ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
    CounterLink link = link(context);
    home = link;
    Promise<Void> opened = context.promise();
    context.runOnContext(
        v -> {
          timer = context.setPeriodic(PROBE_MILLIS, id -> probe(link));
          link.connect()
              .timeout(options.getConnectTimeout().toMillis(), TimeUnit.MILLISECONDS)
              .onFailure(e -> breaker.open(String.valueOf(e.getMessage())))
              .transform(made -> Future.<Void>succeededFuture())
              .onComplete(opened);
        });
    return opened.future();
  }

  private CounterLink link(ContextInternal context) {
    Clients clients = new Clients(context.owner(), options, address, prefix, given);
    return new CounterLink(
        context, clients, breaker, keys, policy -> generations.getOrDefault(policy, ""));
  }

  private void probe(CounterLink link) {
    if (!breaker.isOpen() || probing) {
      return;
    }
    probing = true;
    link.probe()
        .onComplete(
            result -> {
              probing = false;
              if (result.succeeded() && result.result()) {
                breaker.close();
              }
            });
  }

  @Override
  public Future<Answer> charge(List<Demand> demands) {
    return keys.perPolicy()
        ? parts.charge(demands, demand -> keys.prefix(demand.limit()))
        : chargeTogether(demands);
  }

  private Future<Answer> chargeTogether(List<Demand> demands) {
    CounterLink first = home;
    if (first == null || breaker.isOpen()) {
      return Future.failedFuture(new ShieldException("Redis does not count now"));
    }
    ContextInternal caller = first.context().owner().getOrCreateContext();
    Promise<Answer> answer = caller.promise();
    CounterLink own = ownLink(caller);
    if (own != null && own.isConnected()) {
      own.add(demands, answer);
    } else {
      if (own != null) {
        own.connect();
      }
      first.context().runOnContext(v -> first.add(demands, answer));
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

  @Override
  public void giveBack(Demand demand, long atMicros) {
    refund(demand, atMicros, generations.getOrDefault(demand.limit().policy(), ""));
  }

  @Override
  public Future<Void> giveBack(Limit limit, String key, Lease lease, long units) {
    Demand unused = new Demand(limit, key, units, false, 0);
    return refund(unused, lease.untilMicros(), lease.generation());
  }

  private Future<Void> refund(Demand demand, long atMicros, String generation) {
    return send(
        whole ->
            CounterCall.request(
                Script.REFUND,
                whole,
                keys.prefix(demand.limit()),
                "",
                Long.toString(atMicros),
                List.of(demand),
                policy -> generation),
        "What was not used of " + demand.key() + " is not given back");
  }

  /** Whoever asks next tells Redis; so a reset is not lost while it cannot be reached. */
  @Override
  public void reset(String policy, Head head) {
    generations.put(policy, head.revision() + "@" + head.epoch());
  }

  @Override
  public void reset(Limit limit, String key) {
    String counter = CounterCall.key(keys.prefix(limit), limit, key);
    send(
        whole -> Request.cmd(Command.DEL).arg(counter).arg(counter + ":log"),
        "The counter of " + key + " is not reset");
  }

  private Future<Void> send(Function<Boolean, Request> request, String problem) {
    CounterLink first = home;
    if (first == null) {
      return Future.succeededFuture();
    }
    Promise<Void> sent = first.context().promise();
    first
        .context()
        .runOnContext(
            v ->
                first
                    .send(request)
                    .onFailure(e -> LOG.warn("{}: {}", problem, e.getMessage()))
                    .<Void>mapEmpty()
                    .onComplete(sent));
    return sent.future();
  }

  @Override
  public @Nullable String problem() {
    return breaker.problem();
  }

  @Override
  public Future<Void> shutdown() {
    CounterLink first = home;
    home = null;
    if (first == null) {
      return Future.succeededFuture();
    }
    first.context().owner().cancelTimer(timer);
    List<CounterLink> all = new ArrayList<>(links.values());
    links.clear();
    all.add(first);
    List<Future<Void>> closing = new ArrayList<>();
    for (CounterLink link : all) {
      Promise<Void> closed = Promise.promise();
      link.context().runOnContext(v -> link.close().onComplete(closed));
      closing.add(closed.future());
    }
    return Future.join(closing).mapEmpty();
  }
}
