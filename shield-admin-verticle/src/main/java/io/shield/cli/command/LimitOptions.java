package io.shield.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that set a rate limit. */
final class LimitOptions {
  @Option(
      names = {"-a", "--algorithm"},
      paramLabel = "NAME",
      completionCandidates = Choices.Algorithms.class,
      description =
          "fixed_window, sliding_window, moving_window or token_bucket (default: fixed_window).")
  private @Nullable String algorithm;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "NAME",
      completionCandidates = Choices.KeyStrategies.class,
      description = "Whose requests count together: ip, user, api_key, global or custom.")
  private @Nullable String key;

  @Option(
      names = {"-b", "--burst"},
      paramLabel = "N",
      description = "How many more may come at once.")
  private @Nullable Integer burst;

  @Option(
      names = "--on-missing-key",
      paramLabel = "NAME",
      completionCandidates = Choices.OnMissingKeys.class,
      description = "For requests without such a key: exempt, fallback_ip or block.")
  private @Nullable String onMissingKey;

  @Option(names = "--cost", paramLabel = "N", description = "How much one request uses.")
  private @Nullable Integer cost;

  @Option(
      names = "--max-concurrent",
      paramLabel = "N",
      description = "How many may be under way at once, 0 for any number.")
  private @Nullable Integer maxConcurrent;

  @Option(
      names = "--on-store-failure",
      paramLabel = "NAME",
      completionCandidates = Choices.OnStoreFailures.class,
      description = "While shared counters do not answer: local, allow or block.")
  private @Nullable String onStoreFailure;

  @Option(
      names = "--shadow",
      negatable = true,
      description = "Count and tell, but refuse nothing; --no-shadow refuses again.")
  private @Nullable Boolean shadow;

  @Option(
      names = "--lease",
      negatable = true,
      description =
          "Let processes take a share of a shared counter ahead; --no-lease asks each time.")
  private @Nullable Boolean lease;

  @Option(
      names = "--replace",
      description = "What is not given gets its default, instead of staying what it is.")
  private boolean replace;

  @Option(names = "--dry-run", description = "Show what would change, and change nothing.")
  private boolean dryRun;

  boolean replace() {
    return replace;
  }

  boolean dryRun() {
    return dryRun;
  }

  /** The fields that were given. */
  ObjectNode policy(@Nullable String limit) {
    ObjectNode policy = JsonNodeFactory.instance.objectNode();
    put(policy, "limit", limit);
    put(policy, "algorithm", algorithm);
    put(policy, "key_strategy", key);
    put(policy, "on_missing_key", onMissingKey);
    put(policy, "burst", burst);
    put(policy, "cost", cost);
    put(policy, "max_concurrent", maxConcurrent);
    put(policy, "on_store_failure", onStoreFailure);
    put(policy, "shadow", shadow);
    put(policy, "lease", lease);
    return policy;
  }

  private static void put(ObjectNode policy, String field, @Nullable Boolean value) {
    if (value != null) {
      policy.put(field, value);
    }
  }

  private static void put(ObjectNode policy, String field, @Nullable String value) {
    if (value != null) {
      policy.put(field, value);
    }
  }

  private static void put(ObjectNode policy, String field, @Nullable Integer value) {
    if (value != null) {
      policy.put(field, value);
    }
  }
}
