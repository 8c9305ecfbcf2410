package io.shield.admin.dashboard;

import static io.shield.admin.RunningAdmin.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.AdminRouter;
import io.shield.admin.RunningAdmin;
import io.shield.json.ShieldJson;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RateLimitPolicy;
import io.shield.model.audit.Actor;
import io.shield.model.webhook.Webhook;
import io.shield.web.Shield;
import io.shield.web.ShieldHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the pages look like, in both themes and on a small screen: no violation that axe-core knows
 * of, nothing wider than the screen, and pictures of it all in {@code target/screenshots}.
 */
class DashboardLooksTest {
  private static final Path SHOTS = Path.of("target", "screenshots");
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final List<String> PAGES =
      List.of(
          "routes",
          "route?key=GET:/payments",
          "limits",
          "schedule",
          "audit",
          "services",
          "webhooks",
          "store");

  private static final Vertx VERTX = Vertx.vertx();
  private static Browser browser;
  private static ShieldEngine engine;
  private static String base;

  @BeforeAll
  static void start() throws Exception {
    Browser.require();
    engine =
        ShieldEngine.create(
            VERTX,
            new ShieldOptions()
                .setBackend("memory")
                .setName("looks-" + UUID.randomUUID())
                .putSetting("SHIELD_APP_ID", "shop")
                .putSetting("SHIELD_WEBHOOK_ALLOWED_ADDRESSES", "127.0.0.1/32")
                .putSetting("SHIELD_ENV", "production"));
    Router router = Router.router(VERTX);
    router.route().handler(ShieldHandler.create(engine, router));
    for (String path : List.of("/payments", "/orders/:id", "/customers", "/invoices/:id")) {
      router.get(path).handler(ctx -> ctx.end("ok"));
    }
    router.post("/payments").handler(ctx -> ctx.end("ok"));
    Shield.on(router.get("/health")).forceActive().handler(ctx -> ctx.end("ok"));
    Shield.on(router.get("/debug")).envOnly("dev", "staging").handler(ctx -> ctx.end("ok"));
    Shield.on(router.get("/v1/prices"))
        .deprecated("2028-01-01T00:00:00Z", "/v2/prices")
        .handler(ctx -> ctx.end("ok"));
    Shield.on(router.get("/search")).limit("5/minute").handler(ctx -> ctx.end("ok"));
    router.route("/shield/*").subRouter(AdminRouter.create(engine, RunningAdmin.accounts()));
    await(engine.start());
    HttpServer server =
        await(VERTX.createHttpServer().requestHandler(router).listen(0, "localhost"));
    base = "http://localhost:" + server.actualPort();
    get("/search", 8);
    get("/payments", 30);
    hook();
    change();
    get("/payments", 5);
    follow();
    browser = new Browser();
    browser.size(1280, 800);
    browser.signIn(base + "/shield/dashboard", "admin", RunningAdmin.PASSWORD);
  }

  /** Somebody who is told of changes, but not of the first. */
  private static void hook() {
    AtomicInteger calls = new AtomicInteger();
    HttpServer receiver =
        await(
            VERTX
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .response()
                            .setStatusCode(calls.getAndIncrement() == 0 ? 500 : 204)
                            .end())
                .listen(0, "127.0.0.1"));
    String url = "http://127.0.0.1:" + receiver.actualPort() + "/shield";
    await(engine.webhooks().set(Webhook.of("ops", url), null, null, ALICE));
    Webhook chat =
        Webhook.of("chat", url)
            .withFormat(Webhook.SLACK_FORMAT)
            .withEvents(List.of("disable", "maintenance_on"))
            .withEnabled(false, null);
    await(engine.webhooks().set(chat, null, null, ALICE));
  }

  /** A process of a service that follows this one. */
  private static void follow() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    String body =
        "{\"username\": \"sdk\", \"password\": \""
            + RunningAdmin.PASSWORD
            + "\", \"platform\": \"sdk\"}";
    String token =
        ShieldJson.parse(
                "answer",
                client
                    .send(
                        HttpRequest.newBuilder(URI.create(base + "/shield/api/auth/login"))
                            .header("X-Shield-App-Id", "billing")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                        BodyHandlers.ofString())
                    .body())
            .path("token")
            .textValue();
    client.send(
        HttpRequest.newBuilder(URI.create(base + "/shield/api/sdk/events"))
            .header("X-Shield-Token", token)
            .header("X-Shield-Instance", "billing-7f9c")
            .header("User-Agent", "api-shield/0.8.3")
            .build(),
        BodyHandlers.ofInputStream());
  }

  private static void change() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    await(engine.routes().disable("POST:/payments", ALICE, "duplicate charges, ticket 4711"));
    await(
        engine
            .routes()
            .maintenance("GET:/payments", ALICE, "DB swap", now.plus(30, ChronoUnit.MINUTES)));
    await(
        engine
            .routes()
            .schedule(
                "GET:/invoices/:id",
                ALICE,
                new MaintenanceWindow(
                    now.plus(5, ChronoUnit.HOURS), now.plus(7, ChronoUnit.HOURS), "archive")));
    await(engine.routes().canary("POST:/payments", ALICE, 10));
    await(engine.rateLimits().set(RateLimitPolicy.of("GET", "/payments", "100/minute"), ALICE));
    await(engine.rateLimits().global().set(GlobalRateLimitPolicy.of("1000/minute"), ALICE));
  }

  private static void get(String path, int times) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < times; i++) {
      client.send(
          HttpRequest.newBuilder(URI.create(base + path)).build(), BodyHandlers.discarding());
    }
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      await(engine.close());
    }
    await(VERTX.close());
  }

  private static Browser open(String page) {
    browser.open(base + "/shield/dashboard/" + page);
    browser.awaitLive();
    return browser;
  }

  private static void look(String name) {
    for (boolean dark : List.of(false, true)) {
      browser.dark(dark);
      browser.screenshot(SHOTS.resolve(name + (dark ? "-dark" : "") + ".png"));
      assertThat(browser.axe()).as("%s, dark: %s", name, dark).isEmpty();
    }
    browser.size(380, 800);
    browser.screenshot(SHOTS.resolve(name + "-small.png"));
    assertThat(browser.script("return document.documentElement.scrollWidth"))
        .as("width of %s", name)
        .isEqualTo(380L);
    browser.size(1280, 800);
    browser.dark(false);
  }

  @Test
  void everyPage() {
    for (String page : PAGES) {
      open(page);
      look(page.replaceAll("\\?.*", ""));
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void dialogsAndMessages() throws Exception {
    open("routes");
    browser.row("GET:/orders/:id").findElement(org.openqa.selenium.By.cssSelector(".icon")).click();
    browser.awaitText("#dialog", "Environments");
    look("choice");
    browser.click("#dialog .choice button[value^=maintenance]");
    browser.awaitText("#dialog", "How long");
    look("maintenance");
    browser.type("#d-reason", "upgrade");
    browser.click("#dialog-submit");
    browser.awaitText("#toasts", "Undo");
    look("undo");
    browser.click(".toast form button");
    browser.awaitText("#toasts", "Undone");
    get("/customers", 3);
    open("services");
    browser.click("button[value^='fleet-on']");
    browser.awaitText("#dialog", "to confirm");
    assertThat(browser.text("#dialog")).containsPattern("8 routes, \\d+ requests a minute in this");
    look("fleet");
    open("limits");
    browser.click("button[value='limit-set GET:/search']");
    browser.awaitText("#dialog", "Algorithm");
    look("limit");
    open("webhooks?name=ops");
    browser.click("button[value^='webhook-redeliver ops ']");
    browser.awaitText("#dialog", "under the same id");
    look("redeliver");
    browser.click("#dialog-submit");
    browser.awaitText("#toasts", "Deliver again");
    browser.click("button[value='webhook-test ops']");
    browser.click("#dialog-submit");
    browser.awaitText("#toasts", "Test: webhook ops");
    browser.click("button[value='webhook-enable chat']");
    browser.click("#dialog-submit");
    browser.awaitTrue("enabled", () -> engine.webhooks().get("chat").orElseThrow().enabled());
    browser.awaitTrue("told", () -> !browser.all("button[value='webhook-disable chat']").isEmpty());
    browser.click("button[value='webhook-delete chat']");
    browser.click("#dialog-submit");
    browser.awaitTrue("gone", () -> engine.webhooks().get("chat").isEmpty());
    open("routes?q=nothing");
    look("none");
    browser.control("k");
    browser.keys("disable");
    browser.awaitTrue("found", () -> browser.all("#palette-list .item").size() > 3);
    look("palette");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void signingInAndNothingRegistered() {
    Router router = Router.router(VERTX);
    ShieldEngine empty =
        ShieldEngine.create(
            VERTX, new ShieldOptions().setBackend("memory").setName("none-" + UUID.randomUUID()));
    router.route("/shield/*").subRouter(AdminRouter.create(empty, new AdminOptions()));
    await(empty.start());
    HttpServer server =
        await(VERTX.createHttpServer().requestHandler(router).listen(0, "localhost"));
    browser.open("http://localhost:" + server.actualPort() + "/shield/dashboard/routes");
    browser.awaitText("#main", "No route is registered yet");
    look("empty");
    browser.open(base + "/shield/dashboard/sign-in");
    look("sign-in");
    await(server.close());
    await(empty.close());
    assertThat(browser.complaints()).isEmpty();
  }
}
