package io.shield.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.DeclaredState;
import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.Routes.RouteView;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.Store;
import io.shield.WideRateLimit;
import io.shield.admin.document.DifferenceJson;
import io.shield.admin.document.ScheduleJson;
import io.shield.admin.impl.OwnMethods;
import io.shield.backend.file.FileBackendOptions;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.internal.EngineInternals;
import io.shield.internal.FieldChanges;
import io.shield.internal.UnknownNames;
import io.shield.internal.gate.InForce;
import io.shield.internal.gate.WideRule;
import io.shield.internal.limit.RateLimiting;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.MaintenanceMode;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.model.audit.FieldChange;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Versioned;
import io.shield.spi.AuditQuery;
import io.shield.spi.limit.HitQuery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Through an engine of this process, on a store that running servers share. */
public final class LocalControl implements Control {
  private static final long CHECK_MILLIS = 100;
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final ShieldEngine engine;
  private final Actor actor;
  private final long deadline;
  private final Set<String> warnings = new LinkedHashSet<>();
  private long seenMaintenance;

  private LocalControl(Vertx vertx, ShieldEngine engine, Actor actor, Duration timeout) {
    this.vertx = vertx;
    this.engine = engine;
    this.actor = actor;
    deadline = System.nanoTime() + timeout.toNanos();
  }

  /**
   * Opens the store.
   *
   * @param options which store
   * @param user who makes the changes
   * @param timeout how long everything may take
   * @param wait whether to go on trying while the store cannot be reached
   */
  public static LocalControl open(
      ShieldOptions options, String user, Duration timeout, boolean wait) {
    Vertx vertx = Vertx.vertx();
    // What this engine changes is told by those that stay.
    options.putSetting("SHIELD_WEBHOOKS", "false");
    ShieldEngine engine = ShieldEngine.create(vertx, options);
    LocalControl control = new LocalControl(vertx, engine, Actor.of(user, "cli"), timeout);
    try {
      requireFile(options, engine);
      control.await(engine.start());
      control.tellUnread();
      control.requireReady(wait);
      return control;
    } catch (RuntimeException e) {
      control.close();
      throw e;
    }
  }

  /** In place of the log, which a command does not have. */
  private void tellUnread() {
    String unread = EngineInternals.of(engine).unread();
    if (unread != null) {
      warnings.add(unread);
    }
  }

  /** Whoever serves makes the file; one that is not there is most likely mistyped. */
  private static void requireFile(ShieldOptions options, ShieldEngine engine) {
    if (!"file".equals(options.getBackend())) {
      return;
    }
    String setting = EngineInternals.of(engine).setting("SHIELD_FILE_PATH");
    Path file = Path.of(setting == null ? FileBackendOptions.DEFAULT_PATH : setting);
    if (!Files.exists(file)) {
      throw new CommandFailure(
          ExitCodes.NOT_FOUND,
          "not_found",
          "there is no file " + file.toAbsolutePath(),
          "name it with --file; the server that keeps its state there makes it");
    }
  }

  private void requireReady(boolean wait) {
    if (!isReady() && wait) {
      Promise<Void> ready = Promise.promise();
      vertx.setPeriodic(
          CHECK_MILLIS,
          timer -> {
            if (isReady()) {
              vertx.cancelTimer(timer);
              ready.complete();
            }
          });
      await(ready.future());
    }
    if (!isReady()) {
      String problem = engine.store().status().problem();
      throw CommandFailure.unreachable(
          problem == null ? "the store cannot be reached" : problem,
          "try again, or wait with --wait");
    }
  }

  private boolean isReady() {
    return engine.store().status().condition() == Store.Status.Condition.READY;
  }

  private <T> T await(Future<T> future) {
    CompletableFuture<T> done = future.toCompletionStage().toCompletableFuture();
    try {
      return done.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : CommandFailure.failed(CommandFailure.messageOf(e.getCause()), "");
    } catch (TimeoutException e) {
      throw CommandFailure.unreachable(
          "the store did not answer in time", "allow more with --timeout");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted", "");
    }
  }

  @Override
  public List<JsonNode> routes(@Nullable String service) {
    warnings.addAll(names().service(service).told());
    return engine.routes().list().stream()
        .filter(view -> service == null || service.equals(view.state().service()))
        .map(this::shown)
        .toList();
  }

  @Override
  public JsonNode route(String route) {
    return shown(engine.routes().get(route));
  }

  private JsonNode shown(RouteView view) {
    ObjectNode json = shown(view.state());
    if (view.stale()) {
      json.put("stale", true);
    }
    if (!view.sharedBy().isEmpty()) {
      view.sharedBy().forEach(json.putArray("shared_by")::add);
    }
    return json;
  }

  @Override
  public JsonNode apply(String route, RouteAction action, @Nullable Long ifVersion) {
    warnOf(action);
    List<Routes.Command> commands = List.of(new Routes.Command(route, action, ifVersion));
    return changed(await(engine.routes().applyAll(commands, actor))).get(0);
  }

  @Override
  public List<JsonNode> applyAll(List<String> routes, RouteAction action) {
    warnOf(action);
    return changed(await(engine.routes().applyAll(commands(routes, action), actor)));
  }

  private List<JsonNode> changed(List<RouteState> states) {
    Instant now = Instant.now();
    states.forEach(state -> warnings.addAll(OwnMethods.leftOpen(engine.snapshot(), state, now)));
    return shown(states);
  }

  @Override
  public List<JsonNode> preview(List<String> routes, RouteAction action) {
    warnOf(action);
    return shown(engine.routes().preview(commands(routes, action), actor));
  }

  private static List<Routes.Command> commands(List<String> routes, RouteAction action) {
    return routes.stream().map(route -> new Routes.Command(route, action, null)).toList();
  }

  private List<JsonNode> shown(List<RouteState> states) {
    return states.stream().map(state -> (JsonNode) shown(state)).toList();
  }

  /** In which environment the route is served, a store does not know. */
  private ObjectNode shown(RouteState state) {
    Instant now = Instant.now();
    ObjectNode json = InForce.shown(EngineInternals.of(engine).gates(), state, now);
    boolean own = json.path("decided_by").asText().equals(InForce.Rule.ROUTE_STATE.wireName());
    return own ? json.put("effective_status", json.path("status").asText()) : json;
  }

  @Override
  public List<JsonNode> overrides() {
    EngineInternals internals = EngineInternals.of(engine);
    return WideRule.of(internals.gates(), internals.limits().isBypassed()).stream()
        .map(rule -> (JsonNode) rule.json())
        .toList();
  }

  @Override
  public JsonNode forget(String route, boolean force, String reason) {
    RouteState state = await(engine.routes().forget(route, force, null, actor, reason));
    return JsonNodeFactory.instance.objectNode().put("ok", true).put("path", state.path());
  }

  @Override
  public JsonNode maintenance(@Nullable String service) {
    warnings.addAll(names().service(service).told());
    DocumentKey key =
        service == null ? DocumentKey.globalMaintenance() : DocumentKey.serviceMaintenance(service);
    seenMaintenance = engine.snapshot().version(key);
    return ShieldJson.write(mode(service));
  }

  private MaintenanceMode mode(@Nullable String service) {
    return service == null ? engine.maintenance().global() : engine.maintenance().service(service);
  }

  @Override
  public JsonNode setMaintenance(@Nullable String service, MaintenanceMode mode) {
    return setMaintenance(service, mode, (Long) null);
  }

  @Override
  public JsonNode setMaintenance(@Nullable String service, MaintenanceMode mode, JsonNode seen) {
    return setMaintenance(service, mode, (Long) seenMaintenance);
  }

  private JsonNode setMaintenance(
      @Nullable String service, MaintenanceMode mode, @Nullable Long version) {
    warnings.addAll(names().service(service).exempt(mode.exemptPaths()).told());
    return ShieldJson.write(
        await(
            service == null
                ? engine.maintenance().setGlobal(mode, actor, version)
                : engine.maintenance().setService(service, mode, actor, version)));
  }

  @Override
  public List<JsonNode> audit(AuditQuery query) {
    warnings.addAll(names().service(query.service()).action(query.action()).told());
    return await(engine.audit().list(query)).stream()
        .map(entry -> (JsonNode) ShieldJson.write(entry))
        .toList();
  }

  @Override
  public List<JsonNode> rateLimits() {
    return engine.rateLimits().list().stream().map(policy -> shown(policy.value())).toList();
  }

  private JsonNode shown(RateLimitPolicy policy) {
    String problem = engine.rateLimits().problems().get(policy.key());
    ObjectNode json = ShieldJson.write(policy);
    return problem == null ? json : json.put("problem", problem);
  }

  @Override
  public JsonNode setRateLimit(RouteLimit limit, LimitChange change) {
    Versioned<RateLimitPolicy> before = engine.rateLimits().get(limit.policyKey()).orElse(null);
    ObjectNode fields =
        before == null || change.replace()
            ? JsonNodeFactory.instance.objectNode()
            : ShieldJson.write(before.value());
    fields.put("path", limit.path()).put("method", limit.method()).setAll(change.fields());
    fields.remove("origin");
    RateLimitPolicy read = ShieldJson.readRateLimitPolicy(fields);
    if (change.dryRun()) {
      RateLimiting.check(read);
      return changed(ShieldJson.write(read), before == null ? null : before.value(), read);
    }
    Long version = before == null ? 0L : before.version();
    RateLimitPolicy written = await(engine.rateLimits().set(read, version, actor)).value();
    return changed(ShieldJson.write(written), before == null ? null : before.value(), written);
  }

  /** A policy with what changed, as the REST API tells it. */
  private static JsonNode changed(
      ObjectNode policy, @Nullable DocumentValue before, DocumentValue after) {
    ArrayNode changes = policy.putArray("changes");
    if (before != null) {
      for (FieldChange change : FieldChanges.between(before, after, Set.of("origin"))) {
        ObjectNode node = changes.addObject().put("field", change.field());
        node.set("before", ShieldJson.parse("before", change.before()));
        node.set("after", ShieldJson.parse("after", change.after()));
      }
    }
    return policy;
  }

  @Override
  public JsonNode pauseRateLimit(RouteLimit limit, boolean paused) {
    String key = limit.policyKey();
    return ShieldJson.write(
        await(
                paused
                    ? engine.rateLimits().pause(key, actor)
                    : engine.rateLimits().resume(key, actor))
            .value());
  }

  @Override
  public JsonNode resetRateLimit(RouteLimit limit) {
    await(engine.rateLimits().reset(limit.path(), limit.method(), actor));
    return done(limit);
  }

  @Override
  public JsonNode deleteRateLimit(RouteLimit limit) {
    await(engine.rateLimits().delete(limit.policyKey(), actor));
    return done(limit);
  }

  /** As the REST API answers. */
  private static JsonNode done(RouteLimit limit) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ok", true)
        .put("path", limit.path())
        .put("method", limit.method());
  }

  @Override
  public List<JsonNode> hits(@Nullable String route, int limit) {
    return await(engine.rateLimits().hits(new HitQuery(route, limit, 0))).stream()
        .map(hit -> (JsonNode) ShieldJson.write(hit))
        .toList();
  }

  @Override
  public JsonNode wideLimit(@Nullable String service) {
    GlobalRateLimitPolicy policy = wide(service).get().map(Versioned::value).orElse(null);
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    shown.put("enabled", policy != null && policy.enabled());
    shown.set("policy", policy == null ? null : ShieldJson.write(policy));
    return shown;
  }

  private WideRateLimit wide(@Nullable String service) {
    warnings.addAll(names().service(service).told());
    return service == null ? engine.rateLimits().global() : engine.rateLimits().service(service);
  }

  @Override
  public JsonNode setWideLimit(@Nullable String service, LimitChange change) {
    Versioned<GlobalRateLimitPolicy> before = wide(service).get().orElse(null);
    ObjectNode fields =
        before == null || change.replace()
            ? JsonNodeFactory.instance.objectNode()
            : ShieldJson.write(before.value());
    fields.setAll(change.fields());
    GlobalRateLimitPolicy read = ShieldJson.readGlobalRateLimitPolicy(fields);
    if (change.dryRun()) {
      RateLimiting.check(read);
      return changed(ShieldJson.write(read), before == null ? null : before.value(), read);
    }
    Long version = before == null ? 0L : before.version();
    GlobalRateLimitPolicy written = await(wide(service).set(read, version, actor)).value();
    return changed(ShieldJson.write(written), before == null ? null : before.value(), written);
  }

  @Override
  public void changeWideLimit(@Nullable String service, WideLimitAction action) {
    WideRateLimit limit = wide(service);
    await(
        switch (action) {
          case ENABLE -> limit.resume(actor).mapEmpty();
          case DISABLE -> limit.pause(actor).mapEmpty();
          case RESET -> limit.reset(actor);
          case DELETE -> limit.delete(actor);
        });
  }

  /** What is to be told beside the answers so far: names that nobody knows. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  private UnknownNames names() {
    return new UnknownNames(engine.snapshot(), engine.site());
  }

  private void warnOf(RouteAction action) {
    if (action instanceof RouteAction.EnvGate gate) {
      warnings.addAll(names().environments(gate.envs()).told());
    }
  }

  @Override
  public List<JsonNode> schedule(@Nullable String service) {
    return ScheduleJson.of(engine.snapshot(), service, Instant.now());
  }

  @Override
  public JsonNode export(DeclaredState.Scope scope) {
    return engine.declared().export(scope);
  }

  @Override
  public JsonNode apply(JsonNode document, DeclaredState.Options options, boolean dryRun) {
    DeclaredState.Difference difference =
        dryRun
            ? engine.declared().preview(document, options)
            : await(engine.declared().apply(document, options, actor));
    warnings.addAll(difference.warnings());
    return DifferenceJson.of(difference, dryRun);
  }

  @Override
  public void close() {
    // One after the other: a future of the engine cannot complete on a Vert.x that is gone.
    closed(engine.close());
    closed(vertx.close());
  }

  private static void closed(Future<Void> closing) {
    closing
        .toCompletionStage()
        .toCompletableFuture()
        .completeOnTimeout(null, CLOSING.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(late -> null)
        .join();
  }
}
