package shop;

import io.shield.ShieldEngine;
import io.shield.decision.RefusalKind;
import io.shield.model.KeyStrategy;
import io.shield.web.Shield;
import io.shield.web.ShieldHandler;
import io.shield.web.ShieldHandlerOptions;
import io.shield.web.ShieldHandlerOptions.LimitTiming;
import io.shield.web.ShieldOpenApi;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.CorsHandler;
import io.vertx.ext.web.handler.JWTAuthHandler;
import io.vertx.ext.web.handler.StaticHandler;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.Set;

/** The HTTP server. Each of its instances has a router; the engine is one for all. */
public class Web extends VerticleBase {
  private ShieldEngine engine;
  private JWTAuth tokens;

  @Override
  public Future<?> start() {
    engine = ShieldEngine.get(vertx, "shop");
    PubSecKeyOptions key =
        new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(config().getString("secret"));
    tokens = JWTAuth.create(vertx, new JWTAuthOptions().addPubSecKey(key));
    return OpenAPIContract.from(vertx, "openapi.json")
        .compose(
            contract ->
                vertx
                    .createHttpServer()
                    .requestHandler(router(contract))
                    .listen(config().getInteger("port"), config().getString("host")));
  }

  @Override
  public Future<?> stop() {
    return engine.close();
  }

  private Router router(OpenAPIContract contract) {
    Router router = Router.router(vertx);
    // Before Shield: a browser's script sees refusals too, and how long to wait.
    router
        .route()
        .handler(
            CorsHandler.create()
                .addOrigin("https://shop.example")
                .exposedHeaders(Set.of("Retry-After", "X-RateLimit-Remaining")));
    router.route().handler(ShieldHandler.create(engine, router, refusals()));
    router.errorHandler(503, Refusals::page);

    // Limits by user are charged once it is known who that is.
    router
        .route("/api/*")
        .handler(BodyHandler.create(false))
        .handler(JWTAuthHandler.create(tokens));
    router.route().handler(ShieldHandler.limits(engine));

    router.post("/token").handler(this::token);
    router.route("/api/orders/*").subRouter(orders());
    router.route("/catalogue/*").subRouter(catalogue(contract));
    router.get("/openapi.json").handler(ctx -> ctx.json(openApi(contract)));
    Shield.on(router.get("/live/prices")).onRefusal(Refusals::tryLater).handler(Live::prices);
    router.get("/live/chat").handler(Live::chat);
    Shield.on(router.get("/health")).forceActive().handler(ctx -> ctx.end("well"));
    router.get().handler(StaticHandler.create("webroot"));
    return router;
  }

  private static ShieldHandlerOptions refusals() {
    return new ShieldHandlerOptions()
        .setLimits(LimitTiming.LATER)
        .setResponder(RefusalKind.MAINTENANCE, Refusals::asError)
        .setResponder(RefusalKind.RATE_LIMITED, Refusals::tooMany);
  }

  /** A real shop asks for a password first. */
  private void token(RoutingContext ctx) {
    JsonObject claims = new JsonObject().put("sub", ctx.queryParams().get("user"));
    ctx.end(tokens.generateToken(claims, new JWTOptions().setExpiresInMinutes(10)));
  }

  private Router orders() {
    Router orders = Router.router(vertx);
    orders.get("/").handler(ctx -> ctx.json(new JsonArray().add(ctx.user().subject())));
    Shield.on(orders.post("/"))
        .limit("5/day", policy -> policy.keyStrategy(KeyStrategy.USER))
        .handler(ctx -> ctx.json(ctx.body().asJsonObject()));
    return orders;
  }

  private Router catalogue(OpenAPIContract contract) {
    RouterBuilder routes = RouterBuilder.create(vertx, contract);
    routes
        .getRoute("getItem")
        .addHandler(ctx -> ctx.json(new JsonObject().put("id", ctx.pathParam("id"))));
    return routes.createRouter();
  }

  /** The contract, less what is closed just now. */
  private JsonObject openApi(OpenAPIContract contract) {
    return ShieldOpenApi.decorate(contract.getRawContract(), engine);
  }
}
