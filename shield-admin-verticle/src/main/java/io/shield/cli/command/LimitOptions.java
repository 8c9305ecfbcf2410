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

  /** The fields that were given. */
  ObjectNode policy(String limit) {
    ObjectNode policy = JsonNodeFactory.instance.objectNode().put("limit", limit);
    if (algorithm != null) {
      policy.put("algorithm", algorithm);
    }
    if (key != null) {
      policy.put("key_strategy", key);
    }
    if (burst != null) {
      policy.put("burst", burst);
    }
    return policy;
  }
}
