package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.control.Control;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.View;
import io.shield.json.ShieldJson;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** What the commands for the maintenance of the fleet and of a service have in common. */
final class MaintenanceMixin {
  @Mixin private final CommonOptions common;

  MaintenanceMixin(CommonOptions common) {
    this.common = common;
  }

  int show(@Nullable String service) {
    return write(service, control -> control.maintenance(service));
  }

  int enable(@Nullable String service, MaintenanceMode mode) {
    return write(service, control -> control.setMaintenance(service, mode));
  }

  /** Turns on that of the fleet. Asked at a terminal; elsewhere scripts expect it to be done. */
  int enableFleet(MaintenanceMode mode, boolean yes) {
    if (common.terminal().canAsk() && !yes) {
      common.confirm(false, "This closes " + closing(mode) + " routes, of all services. Go on?");
    }
    int code = enable(null, mode);
    try {
      common.output().remark(closing(mode) + " routes are closed");
    } catch (CommandFailure e) {
      common.output().remark("how many routes are closed is not known: " + e.getMessage());
    }
    return code;
  }

  private long closing(MaintenanceMode mode) {
    return common.control(control -> control.routes(null)).stream()
        .filter(route -> isClosedBy(mode, route))
        .count();
  }

  private static boolean isClosedBy(MaintenanceMode mode, JsonNode route) {
    RouteKey key = RouteKey.parse(View.text(route, "path"));
    boolean open = route.path("force_active").asBoolean() && !mode.includeForceActive();
    return !open && !mode.exempts(key.service(), key.method(), key.path());
  }

  int disable(@Nullable String service) {
    return write(service, control -> control.setMaintenance(service, MaintenanceMode.OFF));
  }

  /** Adds an exempt path to a maintenance that is on; never turns one on. */
  int exempt(@Nullable String service, String path) {
    return change(
        service,
        paths -> {
          List<String> more = new ArrayList<>(paths);
          if (!more.contains(path)) {
            more.add(path);
          }
          return more;
        });
  }

  /** Takes an exempt path away. */
  int unexempt(@Nullable String service, String path) {
    return change(
        service,
        paths -> {
          if (!paths.contains(path)) {
            throw new CommandFailure(
                ExitCodes.NOT_FOUND, "not_found", "'" + path + "' is not exempt", "");
          }
          return paths.stream().filter(other -> !other.equals(path)).toList();
        });
  }

  private int change(@Nullable String service, UnaryOperator<List<String>> edit) {
    return write(
        service,
        control -> {
          JsonNode seen = control.maintenance(service);
          MaintenanceMode mode = ShieldJson.readMaintenanceMode(seen);
          if (!mode.enabled()) {
            throw new CommandFailure(
                ExitCodes.CONFLICT,
                "conflict",
                "maintenance is off, so nothing can be exempt from it",
                "name what is exempt when you turn it on, with --exempt");
          }
          List<String> paths = edit.apply(mode.exemptPaths());
          if (paths.equals(mode.exemptPaths())) {
            return seen;
          }
          MaintenanceMode next =
              new MaintenanceMode(true, mode.reason(), paths, mode.includeForceActive());
          return control.setMaintenance(service, next, seen);
        });
  }

  private int write(@Nullable String service, Function<Control, JsonNode> action) {
    JsonNode mode = common.control(action);
    common.output().item(mode, Views.maintenance(service == null ? "global" : service));
    return ExitCodes.OK;
  }
}
