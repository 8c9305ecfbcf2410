package io.shield.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.DeclaredState;
import io.shield.RouteAction;
import io.shield.cli.control.ApiClient.Answer;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.json.ShieldJson;
import io.shield.json.Times;
import io.shield.model.MaintenanceMode;
import io.shield.spi.AuditQuery;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Through the REST API of a server, an api-shield 0.8 included. */
public final class RemoteControl implements Control {
  /** So many entries the original keeps. */
  private static final int ORIGINAL_AUDIT_LIMIT = 1000;

  private final ApiClient api;
  private @Nullable String maintenanceTag;

  /** A control over a client. */
  public RemoteControl(ApiClient api) {
    this.api = api;
  }

  @Override
  public List<JsonNode> routes(@Nullable String service) {
    String query = service == null ? "" : "?" + Requests.query("service", service).substring(1);
    return list(api.get("/api/routes" + query).body());
  }

  /** Of an older server at least what it has a request for. */
  @Override
  public List<JsonNode> overrides() {
    try {
      return list(api.get("/api/overrides").body());
    } catch (CommandFailure e) {
      if (!e.code().equals(ApiErrors.UNKNOWN_REQUEST)) {
        throw e;
      }
      JsonNode mode = maintenance(null);
      return mode.path("enabled").asBoolean()
          ? List.of(
              Requests.empty()
                  .put("kind", "global_maintenance")
                  .put("reason", mode.path("reason").asText()))
          : List.of();
    }
  }

  @Override
  public JsonNode route(String route) {
    return api.get(Requests.route(route)).body();
  }

  @Override
  public JsonNode apply(String route, RouteAction action, @Nullable Long ifVersion) {
    Requests.Change change = Requests.change(action);
    Map<String, String> headers = Map.of();
    String needs = change.needs();
    if (ifVersion != null || needs != null) {
      Answer seen = api.get(Requests.route(route));
      headers = ifVersion == null ? headers : ifMatch(route, seen, ifVersion);
      if (action instanceof RouteAction.Disable disable
          && disable.until() != null
          && !isOwn(seen.body())) {
        return disableUntil(route, disable, disable.until(), headers);
      }
      if (needs != null) {
        requireOwn(seen.body(), needs);
      }
    }
    String path = Requests.route(route) + "/" + change.operation();
    return api.send(change.method(), path, change.body(), headers).body();
  }

  @Override
  public List<JsonNode> applyAll(List<String> routes, RouteAction action) {
    try {
      return bulk(routes, action, false);
    } catch (CommandFailure e) {
      if (!e.code().equals(ApiErrors.UNKNOWN_REQUEST)) {
        throw e;
      }
      return routes.stream().map(route -> apply(route, action, null)).toList();
    }
  }

  @Override
  public List<JsonNode> preview(List<String> routes, RouteAction action) {
    return bulk(routes, action, true);
  }

  /** A server that does not know it answers 404 or 405, and changes nothing. */
  private List<JsonNode> bulk(List<String> routes, RouteAction action, boolean dryRun) {
    Requests.Change change = Requests.change(action);
    ObjectNode body = change.body() == null ? Requests.empty() : change.body();
    boolean cancel = change.method().equals("DELETE");
    body.put("action", cancel ? "unschedule" : change.operation()).put("dry_run", dryRun);
    routes.forEach(body.putArray("keys")::add);
    return list(api.post("/api/routes/bulk", body).body().path("routes"));
  }

  /** As the original's command does it, whose server knows no end of a status. */
  private JsonNode disableUntil(
      String route, RouteAction.Disable disable, Instant until, Map<String, String> headers) {
    String path = Requests.route(route);
    ObjectNode body = Requests.empty().put("reason", disable.reason());
    api.send("POST", path + "/disable", body, headers);
    ObjectNode window =
        Requests.empty().put("start", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    window.put("end", until.toString()).put("reason", disable.reason());
    return api.post(path + "/schedule", window).body();
  }

  private static boolean isOwn(JsonNode state) {
    return state.has("base_status");
  }

  /** A server that does not know it would leave it out, and change the route for ever. */
  private void requireOwn(JsonNode state, String option) {
    if (!isOwn(state)) {
      throw tooOldFor(option);
    }
  }

  private CommandFailure tooOldFor(String option) {
    return CommandFailure.failed(
        "the server at " + api.url() + " is too old for " + option, "leave it out");
  }

  private Map<String, String> ifMatch(String route, Answer seen, long version) {
    String tag = seen.etag();
    JsonNode actual = seen.body().path("version");
    if (tag == null || !actual.isIntegralNumber()) {
      throw tooOldFor("--if-version");
    }
    if (actual.longValue() != version) {
      throw new CommandFailure(
          ExitCodes.CONFLICT,
          "conflict",
          route + " has version " + actual + ", not " + version + ": somebody else changed it",
          "look with 'shield status " + route + "' and try again");
    }
    return Map.of("If-Match", tag);
  }

  @Override
  public JsonNode forget(String route, boolean force, String reason) {
    String query = "?force=" + force + Requests.query("reason", reason.isEmpty() ? null : reason);
    return api.delete(Requests.route(route) + query).body();
  }

  @Override
  public JsonNode maintenance(@Nullable String service) {
    Answer answer = api.get(maintenancePath(service));
    maintenanceTag = answer.etag();
    return answer.body();
  }

  @Override
  public JsonNode setMaintenance(@Nullable String service, MaintenanceMode mode) {
    return setMaintenance(service, mode, Map.of());
  }

  @Override
  public JsonNode setMaintenance(@Nullable String service, MaintenanceMode mode, JsonNode seen) {
    String tag = maintenanceTag;
    return setMaintenance(service, mode, tag == null ? Map.of() : Map.of("If-Match", tag));
  }

  private JsonNode setMaintenance(
      @Nullable String service, MaintenanceMode mode, Map<String, String> headers) {
    String path = maintenancePath(service);
    if (!mode.enabled()) {
      return api.send("POST", path + "/disable", null, headers).body();
    }
    ObjectNode body = ShieldJson.write(mode);
    body.remove("enabled");
    return api.send("POST", path + "/enable", body, headers).body();
  }

  private static String maintenancePath(@Nullable String service) {
    return service == null
        ? "/api/global"
        : "/api/services/" + Requests.segment(service) + "/maintenance";
  }

  @Override
  public List<JsonNode> audit(AuditQuery query) {
    String path =
        "/api/audit?limit="
            + query.limit()
            + Requests.query("route", query.path())
            + Requests.query("service", query.service())
            + Requests.query("actor", query.actor())
            + Requests.query("action", query.action())
            + Requests.query("since", query.since());
    List<JsonNode> entries = list(api.get(path).body());
    if (entries.stream().allMatch(entry -> matches(query, entry))) {
      return entries;
    }
    // The original leaves out what it does not know.
    String all =
        "/api/audit?limit="
            + ORIGINAL_AUDIT_LIMIT
            + Requests.query("route", query.path())
            + Requests.query("service", query.service());
    return list(api.get(all).body()).stream()
        .filter(entry -> matches(query, entry))
        .limit(query.limit())
        .toList();
  }

  private static boolean matches(AuditQuery query, JsonNode entry) {
    String actor = query.actor();
    String action = query.action();
    Instant since = query.since();
    return (actor == null || actor.equals(entry.path("actor").asText()))
        && (action == null || action.equals(entry.path("action").asText()))
        && (since == null
            || !Times.parse("timestamp", entry.path("timestamp").asText()).isBefore(since));
  }

  @Override
  public List<JsonNode> rateLimits() {
    return list(api.get("/api/rate-limits").body());
  }

  @Override
  public JsonNode setRateLimit(RouteLimit limit, LimitChange change) {
    String key = "/api/rate-limits/" + Requests.encoded(limit.policyKey());
    ObjectNode named = change.fields().deepCopy();
    named.put("path", limit.path()).put("method", limit.method());
    Supplier<JsonNode> seen =
        () ->
            rateLimits().stream()
                .filter(
                    policy ->
                        policy.path("path").asText().equals(limit.path())
                            && policy.path("method").asText().equals(limit.method()))
                .findFirst()
                .orElse(MissingNode.getInstance());
    return setLimit(new LimitRequest(key, "/api/rate-limits", named, seen), change);
  }

  /**
   * How a limit is set.
   *
   * @param one where the limit is
   * @param all where it is set
   * @param named the given fields with what names the limit
   * @param seen reads what is there
   */
  private record LimitRequest(String one, String all, ObjectNode named, Supplier<JsonNode> seen) {}

  private JsonNode setLimit(LimitRequest request, LimitChange change) {
    if (change.dryRun()) {
      change.fields().put("dry_run", true);
      request.named.put("dry_run", true);
      requireDryRun();
    }
    if (change.replace()) {
      return api.post(request.all, request.named).body();
    }
    try {
      return api.send("PATCH", request.one, change.fields(), Map.of()).body();
    } catch (CommandFailure e) {
      if (e.code().equals(ApiErrors.UNKNOWN_REQUEST)) {
        return merged(request);
      }
      if (e.exitCode() == ExitCodes.NOT_FOUND) {
        return api.post(request.all, request.named).body();
      }
      throw e;
    }
  }

  /** An older server would take it for the change itself. */
  private void requireDryRun() {
    try {
      api.get("/api/overrides");
    } catch (CommandFailure e) {
      throw e.code().equals(ApiErrors.UNKNOWN_REQUEST) ? tooOldFor("--dry-run") : e;
    }
  }

  /** A server that knows no such change is told all fields. */
  private JsonNode merged(LimitRequest request) {
    ObjectNode all = request.named;
    if (request.seen.get() instanceof ObjectNode before) {
      all = before.deepCopy();
      all.setAll(request.named);
    }
    return api.post(request.all, all).body();
  }

  @Override
  public JsonNode pauseRateLimit(RouteLimit limit, boolean paused) {
    String key = "/api/rate-limits/" + Requests.encoded(limit.policyKey());
    return api.post(key + (paused ? "/pause" : "/resume"), null).body();
  }

  @Override
  public JsonNode resetRateLimit(RouteLimit limit) {
    return api.delete(
            "/api/rate-limits/"
                + Requests.encoded(limit.path())
                + "/reset?"
                + Requests.query("method", limit.method()).substring(1))
        .body();
  }

  @Override
  public JsonNode deleteRateLimit(RouteLimit limit) {
    return api.delete("/api/rate-limits/" + Requests.encoded(limit.policyKey())).body();
  }

  @Override
  public List<JsonNode> hits(@Nullable String route, int limit) {
    return list(
        api.get("/api/rate-limits/hits?limit=" + limit + Requests.query("route", route)).body());
  }

  @Override
  public JsonNode wideLimit(@Nullable String service) {
    return api.get(wideLimitPath(service)).body();
  }

  @Override
  public JsonNode setWideLimit(@Nullable String service, LimitChange change) {
    String path = wideLimitPath(service);
    ObjectNode named = change.fields().deepCopy();
    return setLimit(
        new LimitRequest(path, path, named, () -> wideLimit(service).path("policy")), change);
  }

  @Override
  public void changeWideLimit(@Nullable String service, WideLimitAction action) {
    String path = wideLimitPath(service);
    switch (action) {
      case DELETE -> api.delete(path);
      case RESET -> api.delete(path + "/reset");
      case ENABLE, DISABLE -> api.post(path + "/" + action.name().toLowerCase(Locale.ROOT), null);
    }
  }

  private static String wideLimitPath(@Nullable String service) {
    return service == null
        ? "/api/global-rate-limit"
        : "/api/services/" + Requests.segment(service) + "/rate-limit";
  }

  @Override
  public List<JsonNode> schedule(@Nullable String service) {
    String query = service == null ? "" : "?" + Requests.query("service", service).substring(1);
    return list(api.get("/api/schedule" + query).body());
  }

  @Override
  public JsonNode export(DeclaredState.Scope scope) {
    String sections = scope.sections().isEmpty() ? null : String.join(",", scope.sections());
    return api.get(
            "/api/export?format=json"
                + Requests.query("service", scope.service())
                + Requests.query("owner", scope.owner())
                + Requests.query("section", sections))
        .body();
  }

  @Override
  public JsonNode apply(JsonNode document, DeclaredState.Options options, boolean dryRun) {
    String reason = options.reason().isEmpty() ? null : options.reason();
    String path =
        "/api/apply?dry_run="
            + dryRun
            + "&prune="
            + options.prune()
            + Requests.query("reason", reason);
    return api.post(path, document).body();
  }

  private List<JsonNode> list(JsonNode body) {
    if (!body.isArray()) {
      throw CommandFailure.failed(
          api.url() + " did not answer with a list", "is the address right?");
    }
    List<JsonNode> items = new ArrayList<>();
    body.forEach(items::add);
    return items;
  }

  @Override
  public void close() {
    // The HTTP client's threads are daemons.
  }
}
