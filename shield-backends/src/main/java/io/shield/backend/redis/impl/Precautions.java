package io.shield.backend.redis.impl;

import io.shield.backend.redis.RedisBackendOptions;
import io.shield.backend.redis.RedisTopology;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings of the server that put confirmed changes at risk: each is logged once, and told as long
 * as it stands. Used on one event loop, except the warning.
 */
final class Precautions {
  private static final Logger LOG = LoggerFactory.getLogger(Precautions.class);
  private static final String POLICY = "maxmemory_policy:";
  private static final String SAFE_POLICY = "noeviction";
  private static final String NO_APPEND_ONLY_FILE =
      "without an append-only file a restart of Redis can lose changes that were confirmed (set"
          + " appendonly yes)";

  private static final String GOOD_REPLICAS = "min_slaves_good_slaves:";
  private static final String LOST_IN_FAILOVER =
      "a failover can lose changes that were confirmed (set SHIELD_REDIS_MIN_REPLICAS, or"
          + " min-replicas-to-write in Redis)";

  private final Link link;
  private final String address;
  private final boolean failsOver;
  private final boolean copied;
  private volatile List<String> warnings = List.of();

  Precautions(Link link, String address, RedisBackendOptions options) {
    this.link = link;
    this.address = address;
    RedisTopology topology = options.getTopology();
    this.failsOver = topology == RedisTopology.SENTINEL || topology == RedisTopology.REPLICATION;
    this.copied = options.getMinReplicas() > 0;
  }

  /** Looks again: after a failover it is another server. Who may not look is not warned. */
  void check() {
    link.send(Request.cmd(Command.INFO).arg("persistence"))
        .compose(
            persistence ->
                link.send(Request.cmd(Command.INFO).arg("memory"))
                    .compose(
                        memory ->
                            link.send(Request.cmd(Command.INFO).arg("replication"))
                                .onSuccess(
                                    replication ->
                                        found(
                                            persistence.toString(),
                                            memory.toString(),
                                            replication.toString()))));
  }

  private void found(String persistence, String memory, String replication) {
    List<String> found = new ArrayList<>();
    if (persistence.contains("aof_enabled:0")) {
      found.add(NO_APPEND_ONLY_FILE);
    }
    // Redis shows this line only where min-replicas-to-write is set.
    if (failsOver && !copied && !replication.contains(GOOD_REPLICAS)) {
      found.add(LOST_IN_FAILOVER);
    }
    memory
        .lines()
        .filter(line -> line.startsWith(POLICY))
        .map(line -> line.substring(POLICY.length()).trim())
        .filter(policy -> !policy.equals(SAFE_POLICY))
        .map(
            policy ->
                "maxmemory-policy is "
                    + policy
                    + ": a full Redis drops keys of Shield (set maxmemory-policy noeviction)")
        .forEach(found::add);
    found.stream()
        .filter(warning -> !warnings.contains(warning))
        .forEach(warning -> LOG.warn("Redis at {}: {}", address, warning));
    warnings = List.copyOf(found);
  }

  /** What should be mended in one line, or null. May be called from any thread. */
  @Nullable String warning() {
    List<String> all = warnings;
    return all.isEmpty() ? null : String.join("; ", all);
  }
}
