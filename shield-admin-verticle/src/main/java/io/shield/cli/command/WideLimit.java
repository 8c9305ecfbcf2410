package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.control.Control;
import io.shield.cli.control.WideLimitAction;
import io.shield.cli.terminal.ExitCodes;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** What the commands for the rate limit of the fleet and of a service have in common. */
final class WideLimit {
  @Mixin private final CommonOptions common;

  WideLimit(CommonOptions common) {
    this.common = common;
  }

  int show(@Nullable String service) {
    return write(service, control -> control.wideLimit(service));
  }

  int set(@Nullable String service, ObjectNode policy, List<String> exempt) {
    if (!exempt.isEmpty()) {
      exempt.forEach(policy.putArray("exempt_routes")::add);
    }
    return write(service, control -> shown(control.setWideLimit(service, policy)));
  }

  /** A policy in the form in which it is read. */
  private static JsonNode shown(JsonNode policy) {
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    shown.put("enabled", policy.path("enabled").asBoolean(true));
    shown.set("policy", policy);
    return shown;
  }

  int change(@Nullable String service, WideLimitAction action) {
    return write(
        service,
        control -> {
          control.changeWideLimit(service, action);
          return control.wideLimit(service);
        });
  }

  private int write(@Nullable String service, Function<Control, JsonNode> action) {
    JsonNode limit = common.control(action);
    common.output().item(limit, Views.wideLimit(service == null ? "global" : service));
    return ExitCodes.OK;
  }
}
