package io.shield.admin.impl;

import io.shield.ShieldEngine;
import io.shield.admin.AdminOptions;
import io.shield.admin.Role;
import io.shield.admin.dashboard.Dashboard;
import io.shield.admin.stream.Streams;
import io.shield.internal.BrokenBody;
import io.shield.internal.ClientAddress;
import io.shield.internal.EngineInternals;
import io.shield.internal.UnknownNames;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin API of one engine: the table of its endpoints, and the router made from it. */
public final class AdminApi {
  private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);

  /** Where a request keeps who sends it. */
  private static final String PRINCIPAL = "io.shield.admin.principal";

  private final Vertx vertx;
  private final ShieldEngine engine;
  private final EngineInternals internals;
  private final InstantSource clock;
  private final AdminSettings settings;
  private final RequestOrigin origin;
  private final Authenticator authenticator;
  private final Streams streams = new Streams();
  private final HeldRefusals held;
  private final List<Endpoint> endpoints;
  private final QueryNames queryNames;

  private AdminApi(ShieldEngine engine, EngineInternals internals, AdminSettings settings) {
    this.vertx = engine.vertx();
    this.engine = engine;
    this.internals = internals;
    this.clock = internals.clock();
    this.settings = settings;
    this.origin = new RequestOrigin(settings);
    Tokens tokens = new Tokens(vertx, settings.options(), clock);
    TokenDocuments documents = new TokenDocuments(internals, engine::snapshot);
    SignIn signIn = new SignIn(vertx, settings.options(), tokens, clock);
    this.authenticator = new Authenticator(settings, tokens, documents, signIn);
    List<Endpoint> all = new ArrayList<>();
    ClientAddress addresses = new ClientAddress(internals.trustedProxies(), internals::isFirst);
    this.held = new HeldRefusals(addresses);
    all.addAll(new AuthApi(settings, tokens, documents, signIn, addresses).endpoints());
    all.addAll(new TokensApi(settings, tokens, documents, signIn).endpoints());
    // Before the routes: "bulk" and "undo" are no routes' names.
    all.addAll(new BulkApi(engine, internals.gates(), clock).endpoints());
    all.addAll(new UndoApi(engine, internals).endpoints());
    all.addAll(new RoutesApi(engine, internals.gates(), clock).endpoints());
    all.addAll(new MaintenanceApi(engine).endpoints());
    all.addAll(new RateLimitsApi(engine).endpoints());
    all.addAll(new WideRateLimitsApi(engine).endpoints());
    all.addAll(new ScheduleApi(engine).endpoints());
    all.addAll(new DeclaredApi(engine).endpoints());
    all.addAll(new WebhooksApi(engine).endpoints());
    all.addAll(new AuditApi(engine).endpoints());
    all.addAll(new SdkApi(engine, internals, documents).endpoints());
    all.addAll(new StoreApi(engine).endpoints());
    all.addAll(new ExplainApi(engine, internals).endpoints());
    all.addAll(new HealthApi(engine, internals).endpoints());
    all.addAll(new ControlPlaneApi(engine, internals).endpoints());
    all.addAll(
        new EventsApi(engine, internals, authenticator, addresses, streams, settings.sseKeepalive())
            .endpoints());
    all.addAll(
        new MetricsApi(
                engine,
                internals,
                streams,
                settings.metricsPublic(),
                settings.options().getMeterRegistry())
            .endpoints());
    all.addAll(new OpenApiApi(this::endpoints).endpoints());
    this.endpoints = List.copyOf(all);
    this.queryNames = new QueryNames(endpoints);
  }

  /** See {@link io.shield.admin.AdminRouter#create}. */
  public static AdminApi create(ShieldEngine engine, AdminOptions options) {
    Objects.requireNonNull(options, "options");
    EngineInternals internals = EngineInternals.of(engine);
    return new AdminApi(engine, internals, AdminSettings.of(options, internals::setting));
  }

  AdminSettings settings() {
    return settings;
  }

  /** Whether tokens are issued here and signed with a key that nothing else knows. */
  public boolean signsAlone() {
    return settings.hasCredentials() && settings.options().getSecretKey() == null;
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  /** The router for an application's own, which cannot refuse to listen. */
  public Router mounted() {
    if (!settings.hasCredentials()) {
      LOG.warn(
          "The admin API that the application mounts has no credentials: whoever reaches it from"
              + " this machine may do everything");
    }
    return router();
  }

  /** The router; it answers every request that comes to it. */
  public Router router() {
    Router router = Router.router(vertx);
    router.putMetadata(EngineInternals.OUTSIDE, true);
    router.route().failureHandler(AdminApi::failed);
    router.route().handler(this::admit);
    Map<String, TreeSet<String>> methods = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      Route route =
          router
              .route(endpoint.path())
              .handler(ctx -> letIn(ctx, endpoint))
              .handler(ctx -> call(ctx, endpoint));
      for (HttpMethod method : methods(endpoint)) {
        route.method(method);
        methods.computeIfAbsent(endpoint.path(), path -> new TreeSet<>()).add(method.name());
      }
    }
    Dashboard.mount(
        router,
        engine,
        internals,
        new DashboardAccess(settings, authenticator, internals, endpoints),
        streams);
    methods.forEach(
        (path, allowed) ->
            router.route(path).handler(ctx -> notAllowed(ctx, String.join(", ", allowed))));
    for (String path : List.of("/api/flags", "/api/flags/*", "/api/segments", "/api/segments/*")) {
      router.route(path).handler(AdminApi::noFlags);
    }
    router.route().handler(AdminApi::notFound);
    return router;
  }

  /** Who may ask for something may ask what the answer would be (RFC 9110, section 9.1). */
  private static List<HttpMethod> methods(Endpoint endpoint) {
    boolean get = endpoint.method().equals(HttpMethod.GET);
    return get ? List.of(HttpMethod.GET, HttpMethod.HEAD) : List.of(endpoint.method());
  }

  /** What goes for every request, before its body is read. */
  private void admit(RoutingContext ctx) {
    BrokenBody.watch(ctx.request());
    HttpServerResponse response = ctx.response();
    response.putHeader("Cache-Control", "no-store");
    response.putHeader("X-Content-Type-Options", "nosniff");
    response.putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    response.putHeader("Referrer-Policy", "no-referrer");
    try {
      ctx.normalizedPath();
      ctx.queryParams();
      origin.check(ctx.request());
    } catch (IllegalArgumentException | HttpException unreadable) {
      Errors.error(
              400, "BAD_REQUEST", "the path or the query cannot be read: '%' needs two hex digits")
          .send(ctx);
      return;
    } catch (RefusedException refused) {
      Errors.answer(refused).send(ctx);
      return;
    }
    ctx.next();
  }

  /** Reads the body of who may send one. */
  private void letIn(RoutingContext ctx, Endpoint endpoint) {
    ctx.request().pause();
    authenticator
        .authenticate(ctx, endpoint.access())
        .onComplete(
            judged -> {
              if (judged.succeeded()) {
                ctx.put(PRINCIPAL, judged.result());
                Bodies.read(ctx, judged.result() != null);
              } else {
                send(ctx, endpoint, Errors.answer(judged.cause()));
              }
              ctx.request().resume();
            });
  }

  private void call(RoutingContext ctx, Endpoint endpoint) {
    Future.succeededFuture()
        .compose(v -> answer(endpoint, newCall(ctx, ctx.get(PRINCIPAL))))
        .otherwise(Errors::answer)
        .onComplete(
            answer -> {
              if (!ctx.response().headWritten() && !ctx.response().closed()) {
                send(ctx, endpoint, answer.result());
              }
            });
  }

  private void send(RoutingContext ctx, Endpoint endpoint, Answer answer) {
    boolean waygate = Family.of(ctx.request()) == Family.WAYGATE;
    held.send(ctx, endpoint, waygate ? WaygateNames.of(answer) : answer);
  }

  private Future<Answer> answer(Endpoint endpoint, Call call) {
    List<String> warnings =
        new ArrayList<>(queryNames.unread(endpoint, call.ctx().queryParams().names()));
    warnings.addAll(BodyFields.unread(endpoint, call));
    warnings.addAll(unknownNames(endpoint, call));
    boolean shows = endpoint.method().equals(HttpMethod.GET);
    return endpoint
        .answer(call, internals)
        .map(answer -> shows ? answer.warnedInHeader(warnings) : answer.warned(warnings));
  }

  /** Names in a person's call that nobody knows; programs name what starts later. */
  private List<String> unknownNames(Endpoint endpoint, Call call) {
    boolean open = endpoint.access() == Access.PUBLIC || endpoint.access() == Access.SDK;
    if (open || call.principal().role() == Role.SDK) {
      return List.of();
    }
    UnknownNames names = new UnknownNames(engine.snapshot(), engine.site());
    String service = call.pathParameter("service");
    names.service(service == null ? call.parameter("service") : service);
    if (endpoint.path().startsWith("/api/audit")) {
      names.action(call.parameter("action"));
    }
    boolean document = endpoint.path().equals(DeclaredApi.APPLY);
    if (!document && call.hasBody() && call.json().isObject()) {
      names.environments(call.body().strings("envs"));
      names.exempt(call.body().strings("exempt_paths"));
      names.events(call.body().strings("events"));
    }
    return names.told();
  }

  private Call newCall(RoutingContext ctx, @Nullable Principal principal) {
    return new Call(ctx, CallInput.of(ctx), principal, settings.reasonRequired(), clock.instant());
  }

  private static void notAllowed(RoutingContext ctx, String allowed) {
    Errors.error(405, "METHOD_NOT_ALLOWED", "this endpoint takes " + allowed)
        .with("Allow", allowed)
        .send(ctx);
  }

  private static void noFlags(RoutingContext ctx) {
    Errors.error(404, "FEATURE_FLAGS_UNSUPPORTED", "Shield has no feature flags").send(ctx);
  }

  private static void notFound(RoutingContext ctx) {
    Errors.error(
            404,
            "UNKNOWN_ENDPOINT",
            "there is no such endpoint; the API's /api/openapi.json lists those that there are")
        .send(ctx);
  }

  /** What went wrong before an endpoint was reached, or an exception above. */
  private static void failed(RoutingContext ctx) {
    if (ctx.response().ended() || ctx.response().closed()) {
      return;
    }
    Throwable failure = ctx.failure();
    int status = ctx.statusCode();
    // What went wrong while the body came is the client's mistake, a broken chunk for instance.
    boolean unread = failure == null || !ctx.request().isEnded();
    Answer answer;
    if (status == 413) {
      answer =
          Errors.error(
              413, "TOO_LARGE", "the body may have at most " + Bodies.limit(ctx) + " bytes");
    } else if (status >= 400 && status < 500) {
      answer = Errors.error(status, "BAD_REQUEST", "the request cannot be read");
    } else if (unread || failure instanceof HttpClosedException) {
      answer = Errors.error(400, "BAD_REQUEST", "the request cannot be read");
    } else {
      answer = Errors.answer(failure);
    }
    answer.send(ctx);
  }
}
