package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.control.Control;
import io.shield.cli.control.LimitChange;
import io.shield.cli.control.WideLimitAction;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.View;
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

  /** The given limit and options, and which paths are exempt, null if nothing is said of them. */
  int set(
      @Nullable String service,
      LimitOptions options,
      @Nullable String limit,
      @Nullable List<String> exempt) {
    ObjectNode fields = options.policy(limit);
    if (exempt != null) {
      exempt.forEach(fields.putArray("exempt_routes")::add);
    }
    if (fields.isEmpty()) {
      throw CommandFailure.usage(
          "nothing to change: give a limit such as 1000/minute, or an option", "");
    }
    LimitChange change = new LimitChange(fields, options.replace(), options.dryRun());
    JsonNode policy = common.control(control -> control.setWideLimit(service, change));
    common.output().item(shown(policy), view(service));
    Changes.lines(policy).forEach(common.output()::heading);
    if (options.dryRun()) {
      common.output().remark("nothing was changed");
    }
    return ExitCodes.OK;
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
    common.output().item(limit, view(service));
    return ExitCodes.OK;
  }

  private static View view(@Nullable String service) {
    return Views.wideLimit(service == null ? "global" : service);
  }
}
