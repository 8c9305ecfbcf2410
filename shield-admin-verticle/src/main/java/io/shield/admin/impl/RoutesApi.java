package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.Routes.RouteView;
import io.shield.ShieldEngine;
import io.shield.admin.Role;
import io.shield.error.UnknownRouteException;
import io.shield.error.VersionMismatchException;
import io.shield.internal.gate.Gates;
import io.shield.internal.gate.InForce;
import io.shield.json.ShieldJson;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Routes: looking at them and changing one. */
final class RoutesApi {
  private static final String PATH = "path";
  private static final String REASON = "reason";

  private static final int MAX_SHARED = 10;

  private final ShieldEngine engine;
  private final Gates gates;
  private final InstantSource clock;

  RoutesApi(ShieldEngine engine, Gates gates, InstantSource clock) {
    this.engine = engine;
    this.gates = gates;
    this.clock = clock;
  }

  List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    all.add(
        Endpoint.get("/api/routes", Access.SIGNED_IN, this::list)
            .listing(PATH, "service", "status"));
    all.add(Endpoint.get("/api/routes/:key", Access.SIGNED_IN, this::get).reads(PATH));
    for (String name : RouteActions.NAMES) {
      if (!name.equals("unschedule")) {
        add(all, "/" + name, call -> change(call, name));
      }
    }
    Endpoint.Action cancel = call -> change(call, "unschedule");
    all.add(Endpoint.delete("/api/routes/schedule", Access.OPERATOR, cancel).reads(PATH, REASON));
    all.add(
        Endpoint.delete("/api/routes/:key/schedule", Access.OPERATOR, cancel).reads(PATH, REASON));
    all.add(
        Endpoint.delete("/api/routes", Access.OPERATOR, this::forget).reads(PATH, "force", REASON));
    all.add(
        Endpoint.delete("/api/routes/:key", Access.OPERATOR, this::forget)
            .reads(PATH, "force", REASON));
    all.add(Endpoint.get("/api/services", Access.SIGNED_IN, this::services).listing("service"));
    return all;
  }

  /** With the route in the path, and with {@code ?path=}. */
  private static void add(List<Endpoint> all, String suffix, Endpoint.Action action) {
    all.add(Endpoint.post("/api/routes" + suffix, Access.OPERATOR, action).reads(PATH, REASON));
    all.add(
        Endpoint.post("/api/routes/:key" + suffix, Access.OPERATOR, action).reads(PATH, REASON));
  }

  /**
   * A client that names its service gets that service's routes, and before them the reserved
   * states, so that it starts closed during a maintenance.
   */
  private Future<Answer> list(Call call) {
    if (call.parameter("path") != null) {
      return get(call);
    }
    String client = AuthApi.service(call.ctx());
    String asked = call.parameter("service");
    String service = ServiceView.visible(call, asked == null ? client : asked);
    String status = call.parameter("status");
    RouteStatus wanted = status == null ? null : RouteStatus.parse(status);
    List<RouteView> views = new ArrayList<>();
    if (client != null && service != null && wanted == null) {
      views.addAll(ServiceView.reserved(engine.snapshot(), service));
    }
    engine.routes().list().stream()
        .filter(view -> service == null || service.equals(serviceOf(view.state())))
        .filter(view -> wanted == null || wanted == view.status())
        .forEach(views::add);
    return Page.of(call, views)
        .answer(this::json)
        .with("ETag", ETags.of(engine.snapshot().head(), engine.snapshot().head().revision()))
        .now();
  }

  static @Nullable String serviceOf(RouteState state) {
    String named = RouteKey.parse(state.path()).service();
    return named == null ? state.service() : named;
  }

  /** Of a reserved state, which is no route's, what is stored. */
  private ObjectNode json(RouteView view) {
    RouteState state = view.state();
    ObjectNode shown =
        RouteKey.isReserved(state.path())
            ? ShieldJson.writeShown(state, view.status())
            : InForce.shown(gates, state, clock.instant());
    if (!view.sharedBy().isEmpty()) {
      view.sharedBy().forEach(shown.putArray("shared_by")::add);
    }
    return shown.put("stale", view.stale());
  }

  private Future<Answer> get(Call call) {
    RouteView view = engine.routes().get(call.key());
    Principal who = call.principal();
    boolean foreign =
        who.role() == Role.SDK && !Objects.equals(who.service(), serviceOf(view.state()));
    if (who.role() == Role.SDK && (who.service() == null || foreign)) {
      throw RefusedException.forbidden("a service's token sees that service only");
    }
    return Answer.json(json(view)).with("ETag", tag(view.state().version())).now();
  }

  private String tag(long version) {
    return ETags.of(engine.snapshot().head(), version);
  }

  private Answer shown(RouteState state) {
    Instant now = clock.instant();
    return Answer.json(InForce.shown(gates, state, now))
        .with("ETag", tag(state.version()))
        .warned(OwnMethods.leftOpen(engine.snapshot(), state, now));
  }

  private Future<Answer> change(Call call, String name) {
    RouteAction action = RouteActions.read(name, call, clock.instant());
    return ifMatching(
        call,
        (key, version) ->
            engine
                .routes()
                .applyAll(List.of(new Routes.Command(key, action, version)), call.actor())
                .map(states -> shown(states.get(0))));
  }

  private Future<Answer> forget(Call call) {
    boolean force = call.flag("force");
    String reason = call.reason();
    return ifMatching(
        call,
        (key, version) ->
            engine
                .routes()
                .forget(key, force, version, call.actor(), reason)
                .map(RoutesApi::forgotten));
  }

  private static Answer forgotten(RouteState state) {
    return Answer.json(
        JsonNodeFactory.instance.objectNode().put("ok", true).put("path", state.path()));
  }

  /** Changes a route, if it has the version that the caller names. */
  private Future<Answer> ifMatching(
      Call call, BiFunction<String, @Nullable Long, Future<Answer>> change) {
    String key = call.key();
    String ifMatch = call.ifMatch();
    Long version = null;
    if (ifMatch != null) {
      RouteState now = engine.routes().get(key).state();
      if (!ETags.allows(ifMatch, engine.snapshot().head(), now.version())) {
        return mismatch(key).now();
      }
      version = now.version();
    }
    return change
        .apply(key, version)
        .recover(
            failure ->
                failure instanceof VersionMismatchException
                    ? mismatch(key).now()
                    : Future.failedFuture(failure));
  }

  /** Somebody was faster: the answer has what there is now. */
  private Answer mismatch(String key) {
    ObjectNode body =
        Errors.body("VERSION_MISMATCH", key + " was changed by somebody else: see state");
    try {
      RouteView view = engine.routes().get(key);
      body.set("state", json(view));
      return Answer.json(412, body).with("ETag", tag(view.state().version()));
    } catch (UnknownRouteException gone) {
      return Answer.json(412, body);
    }
  }

  private Future<Answer> services(Call call) {
    String visible = ServiceView.visible(call, call.parameter("service"));
    List<String> names =
        Stream.concat(
                engine.snapshot().states().values().stream().map(RoutesApi::serviceOf),
                Stream.ofNullable(engine.site().service()))
            .filter(name -> name != null && !name.isEmpty())
            .filter(name -> visible == null || visible.equals(name))
            .distinct()
            .sorted()
            .toList();
    return Page.of(call, names)
        .answer(JsonNodeFactory.instance::textNode)
        .warned(visible == null ? shared() : List.of())
        .now();
  }

  /** Routes that several services declare. */
  private List<String> shared() {
    return engine.routes().list().stream()
        .filter(view -> !view.sharedBy().isEmpty())
        .limit(MAX_SHARED)
        .map(
            view ->
                view.state().path()
                    + " is declared by "
                    + String.join(" and ", view.sharedBy())
                    + ", which share its state; give each a store of its own (a file, a key"
                    + " prefix), or a Shield Server to both")
        .toList();
  }
}
