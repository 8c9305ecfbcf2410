package io.shield.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.terminal.CommandFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that set the rate limit of a route. */
final class RouteLimitOptions {
  @Mixin private final LimitOptions common = new LimitOptions();

  @Option(
      names = "--tier",
      paramLabel = "NAME=LIMIT",
      description = "Another limit for callers of that tier; may be repeated, replaces all tiers.")
  private @Nullable List<String> tiers;

  @Option(
      names = "--exempt-ip",
      paramLabel = "CIDR",
      description = "Addresses that are not limited; may be repeated, replaces all.")
  private @Nullable List<String> exemptIps;

  @Option(
      names = "--exempt-role",
      paramLabel = "ROLE",
      description = "A role that is not limited; may be repeated, replaces all.")
  private @Nullable List<String> exemptRoles;

  boolean replace() {
    return common.replace();
  }

  boolean dryRun() {
    return common.dryRun();
  }

  /** The fields that were given. */
  ObjectNode policy(@Nullable String limit) {
    ObjectNode policy = common.policy(limit);
    if (tiers != null) {
      ArrayNode all = policy.putArray("tiers");
      for (String tier : tiers) {
        int equals = tier.indexOf('=');
        if (equals < 1) {
          throw CommandFailure.usage(
              "--tier: '" + tier + "' is not allowed, must be like pro=100/minute", "");
        }
        String limitOfTier = tier.substring(equals + 1);
        all.addObject().put("name", tier.substring(0, equals)).put("limit", limitOfTier);
      }
    }
    if (exemptIps != null) {
      exemptIps.forEach(policy.putArray("exempt_ips")::add);
    }
    if (exemptRoles != null) {
      exemptRoles.forEach(policy.putArray("exempt_roles")::add);
    }
    if (policy.isEmpty()) {
      throw CommandFailure.usage(
          "nothing to change: give a limit such as 100/minute, or an option", "");
    }
    return policy;
  }
}
