package io.shield.backend.redis.impl;

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

  private final Link link;
  private final String address;
  private volatile List<String> warnings = List.of();

  Precautions(Link link, String address) {
    this.link = link;
    this.address = address;
  }

  /** Looks again: after a failover it is another server. Who may not look is not warned. */
  void check() {
    link.send(Request.cmd(Command.INFO).arg("persistence"))
        .compose(
            persistence ->
                link.send(Request.cmd(Command.INFO).arg("memory"))
                    .onSuccess(memory -> found(persistence.toString(), memory.toString())));
  }

  private void found(String persistence, String memory) {
    List<String> found = new ArrayList<>();
    if (persistence.contains("aof_enabled:0")) {
      found.add(NO_APPEND_ONLY_FILE);
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
