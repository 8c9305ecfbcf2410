package io.shield.backend.redis.impl;

import io.shield.backend.impl.PartedCharge;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.backend.redis.RedisTopology;
import io.shield.error.ShieldException;
import io.shield.model.store.Head;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.SharedCounters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts in Redis: each request in one call of a script, by Redis's clock, or one for each policy
 * where counters may lie on several nodes.
 */
final class RedisCounters implements SharedCounters {
  private static final Logger LOG = LoggerFactory.getLogger(RedisCounters.class);

  private final RedisBackendOptions options;
  private final @Nullable Redis given;
  private final String address;
  private final String prefix;
  private final CounterKeys keys;
  private final Map<String, String> generations = new ConcurrentHashMap<>();

  /** For counters on several nodes: by the beginning of their keys. */
  private final PartedCharge<String> parts =
      new PartedCharge<>() {
        @Override
        protected Future<Answer> ask(String place, List<Demand> demands) {
          return chargeTogether(place, demands);
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

  /** The one that has all; null before the start, after the end, and if there are several. */
  private volatile @Nullable CounterServer server;

  /** The several; null if there is one. */
  private volatile @Nullable CounterNodes nodes;

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
  }

  @Override
  public Future<Void> startup(Vertx vertx) {
    CounterServer.Common common =
        new CounterServer.Common(prefix, keys, policy -> generations.getOrDefault(policy, ""));
    // A client of the caller's knows the nodes itself.
    if (given == null && keys.perPolicy() && options.getTopology() == RedisTopology.CLUSTER) {
      CounterNodes several = new CounterNodes(vertx, options, address, common);
      nodes = several;
      return several.start();
    }
    CounterServer one =
        new CounterServer(vertx, options, given, address, common, keys::prefix, null);
    server = one;
    return one.start();
  }

  @Override
  public Future<Answer> charge(List<Demand> demands) {
    return keys.perPolicy()
        ? parts.charge(demands, demand -> keys.prefix(demand.limit()))
        : chargeTogether(keys.prefix(), demands);
  }

  private Future<Answer> chargeTogether(String place, List<Demand> demands) {
    CounterServer there = at(place);
    return there == null
        ? Future.failedFuture(new ShieldException("Redis does not count now"))
        : there.charge(demands);
  }

  /** The server that has what begins so; null if there is none now. */
  private @Nullable CounterServer at(String place) {
    CounterNodes several = nodes;
    return several == null ? server : several.at(place);
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
    String place = keys.prefix(demand.limit());
    return send(
        place,
        whole ->
            CounterCall.request(
                Script.REFUND,
                whole,
                place,
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
    String place = keys.prefix(limit);
    String counter = CounterCall.key(place, limit, key);
    send(
        place,
        whole -> Request.cmd(Command.DEL).arg(counter).arg(counter + ":log"),
        "The counter of " + key + " is not reset");
  }

  private Future<Void> send(String place, Function<Boolean, Request> request, String problem) {
    CounterServer there = at(place);
    return there == null
        ? Future.succeededFuture()
        : there
            .send(request)
            .onFailure(e -> LOG.warn("{}: {}", problem, e.getMessage()))
            .mapEmpty();
  }

  @Override
  public @Nullable String problem() {
    CounterNodes several = nodes;
    CounterServer one = server;
    if (several != null) {
      return several.problem();
    }
    return one == null ? null : one.problem();
  }

  @Override
  public Future<Void> shutdown() {
    CounterNodes several = nodes;
    CounterServer one = server;
    nodes = null;
    server = null;
    if (several != null) {
      return several.close();
    }
    return one == null ? Future.succeededFuture() : one.close();
  }
}
