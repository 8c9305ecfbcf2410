package io.shield.admin.dashboard;

import static io.shield.admin.RunningAdmin.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.admin.AdminOptions;
import io.shield.admin.AdminRouter;
import io.shield.admin.RunningAdmin;
import io.shield.json.ShieldJson;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard's pages as HTTP: who gets them, under which path, with which headers. */
class DashboardPagesTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static RunningAdmin admin;
  private static String operator;
  private static String viewer;

  @BeforeAll
  static void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    admin.register("GET:/payments", "GET:/orders/:id");
    operator = cookie("operator");
    viewer = cookie("viewer");
  }

  @AfterAll
  static void stop() {
    admin.close();
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.timeout(Duration.ofMinutes(1)).build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("no answer", e);
    }
  }

  private static HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create(admin.url(target)));
  }

  private static HttpResponse<String> get(String cookie, String target) {
    return send(request(target).header("Cookie", cookie));
  }

  private static HttpResponse<String> post(String cookie, String target, String form) {
    return send(
        request(target)
            .header("Cookie", cookie)
            .header("Origin", admin.url(""))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("HX-Request", "true")
            .POST(BodyPublishers.ofString(form)));
  }

  private static String cookie(String user) {
    HttpResponse<String> answer =
        send(
            request("/dashboard/sign-in")
                .POST(
                    BodyPublishers.ofString(
                        "username=" + user + "&password=correct+horse&next=audit")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).contains("audit");
    String set = answer.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(set).containsIgnoringCase("httponly").contains("SameSite=Strict");
    return set.substring(0, set.indexOf(';'));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void browsersAreSentToItAndOthersGetWhatTheyGot() {
    assertThat(send(request("/")).statusCode()).isEqualTo(404);
    assertThat(send(request("/").header("Accept", "*/*")).statusCode()).isEqualTo(404);
    HttpResponse<String> browser =
        send(request("/").header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
    assertThat(browser.statusCode()).isEqualTo(303);
    assertThat(browser.headers().firstValue("Location")).contains("dashboard/routes");
  }

  /** Every link is relative, so that it works below any prefix, a proxy's too. */
  @ParameterizedTest
  @ValueSource(strings = {"/shield", "/shield/", "/shield/dashboard", "/shield/dashboard/"})
  void standsBelowAnyMountPath(String path) {
    Router router = Router.router(admin.vertx);
    router.route("/shield/*").subRouter(AdminRouter.create(admin.engine, new AdminOptions()));
    HttpServer server =
        await(admin.vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
    URI asked = URI.create("http://localhost:" + server.actualPort() + path);
    HttpResponse<String> answer = send(HttpRequest.newBuilder(asked).header("Accept", "text/html"));
    URI target = asked.resolve(answer.headers().firstValue("Location").orElseThrow());
    assertThat(target.getPath()).isEqualTo("/shield/dashboard/routes");
    HttpResponse<String> page = send(HttpRequest.newBuilder(target));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("/orders/:id").doesNotContain("href=\"/");
    await(server.close());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "routes",
        "route?key=GET:/payments",
        "limits",
        "audit",
        "schedule",
        "services",
        "webhooks",
        "store",
        "sign-in"
      })
  void everyPageIsBehindAStrictPolicy(String page) {
    HttpResponse<String> answer = get(operator, "/dashboard/" + page);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe")
        .doesNotContain("http");
    assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
    assertThat(answer.body())
        .doesNotContain("<script>")
        .doesNotContain("<style")
        .doesNotContain(" style=")
        .doesNotContainPattern(" on[a-z]+=\"")
        .doesNotContain("http://")
        .doesNotContain("https://");
  }

  @Test
  void whoIsSignedOutIsAskedToSignIn() {
    HttpResponse<String> page = send(request("/dashboard/routes?q=pay&status=active"));
    assertThat(page.statusCode()).isEqualTo(303);
    assertThat(page.headers().firstValue("Location"))
        .contains("sign-in?next=" + encoded("routes?q=pay&status=active"));
    assertThat(send(request("/dashboard/routes").header("HX-Request", "true")).statusCode())
        .isEqualTo(401);
    assertThat(send(request("/dashboard/events?page=routes")).statusCode()).isEqualTo(401);
    assertThat(
            send(request("/dashboard/act").POST(BodyPublishers.ofString("act=enable")))
                .statusCode())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//evil.example/routes",
        "https://evil.example",
        "javascript:alert(1)",
        "../api/routes",
        "routes\\..\\x",
        "routes?a\nb"
      })
  void aSignInLeadsNowhereElse(String next) {
    HttpResponse<String> answer =
        send(
            request("/dashboard/sign-in")
                .POST(
                    BodyPublishers.ofString(
                        "username=viewer&password=correct+horse&next=" + encoded(next))));
    assertThat(answer.headers().firstValue("Location")).contains("routes");
  }

  @Test
  void aWrongPasswordIsSaidAndTheNameKept() {
    HttpResponse<String> answer =
        send(
            request("/dashboard/sign-in")
                .POST(BodyPublishers.ofString("username=b%22o%3Cb&password=x")));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("Invalid credentials").contains("b&#34;o&lt;b");
  }

  @Test
  void noOtherSiteActsForWhoIsSignedIn() {
    String form = "act=disable&subject=" + encoded("1 GET:/payments") + "&reason=x";
    HttpRequest.Builder forged =
        request("/dashboard/act").header("Cookie", operator).POST(BodyPublishers.ofString(form));
    assertThat(send(forged).statusCode()).isEqualTo(403);
    assertThat(send(forged.copy().header("Origin", "https://evil.example")).statusCode())
        .isEqualTo(403);
    assertThat(send(forged.copy().header("Origin", "null")).statusCode()).isEqualTo(403);
    assertThat(
            send(forged.copy().header("Sec-Fetch-Site", "same-site").header("Origin", "http://x"))
                .statusCode())
        .isEqualTo(403);
    assertThat(admin.engine.routes().get("GET:/payments").status()).isEqualTo(RouteStatus.ACTIVE);
  }

  /** A proxy that ends TLS: the browser's origin is not what this server is asked as. */
  @Test
  void behindAProxyTheBrowserSaysThatItIsTheSameOrigin() {
    HttpResponse<String> answer =
        send(
            request("/dashboard/dialog")
                .header("Cookie", operator)
                .header("Origin", "https://admin.example")
                .header("Sec-Fetch-Site", "same-origin")
                .POST(BodyPublishers.ofString("act=" + encoded("enable GET:/payments"))));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("Enable: GET:/payments");
  }

  @Test
  void theStreamIsNotBufferedAndNamesWhatItTells() throws Exception {
    HttpResponse<InputStream> stream =
        CLIENT.send(
            request("/dashboard/events?page=routes&seen=x").header("Cookie", viewer).build(),
            BodyHandlers.ofInputStream());
    assertThat(stream.statusCode()).isEqualTo(200);
    assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(stream.headers().firstValue("X-Accel-Buffering")).contains("no");
    assertThat(stream.headers().firstValue("Cache-Control")).contains("no-store");
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
    assertThat(lines.readLine()).matches("retry: [12]\\d{3}");
    assertThat(lines.readLine()).startsWith("id: ");
    assertThat(lines.readLine()).isEqualTo("event: alive");
    lines.readLine();
    lines.readLine();
    // What was seen is not what is there now.
    assertThat(lines.readLine()).isEqualTo("event: again");
    lines.close();
  }

  @Test
  void aViewerSeesWhyNothingCanBeChangedAndCannotChangeIt() {
    String page = get(viewer, "/dashboard/routes").body();
    assertThat(page).contains("Changes need the role operator");
    assertThat(page).containsPattern("value=\"maintenance GET:/payments\"[^>]* disabled");
    long version = admin.engine.routes().get("GET:/payments").state().version();
    HttpResponse<String> refused =
        post(
            viewer,
            "/dashboard/act",
            "act=disable&reason=x&subject=" + encoded(version + " GET:/payments"));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("the role viewer may not do this");
    assertThat(admin.engine.routes().get("GET:/payments").status()).isEqualTo(RouteStatus.ACTIVE);
  }

  /** As the API says it. */
  @Test
  void whoeverClosesARouteHearsWhichMethodsStayOpen() {
    await(admin.engine.register(List.of(RouteState.active("/carts"))));
    await(admin.engine.routes().enable("HEAD:/carts", Actor.of("alice", "cli"), "mine"));
    long version = admin.engine.routes().get("/carts").state().version();
    HttpResponse<String> closed =
        post(
            operator,
            "/dashboard/act",
            "act=disable&reason=x&subject=" + encoded(version + " /carts"));
    assertThat(closed.statusCode()).as(closed.body()).isEqualTo(200);
    assertThat(closed.body()).contains("HEAD:/carts has a state of its own and stays open");
  }

  @Test
  void onlyAnAdministratorDecidesAboutTheStore() {
    String form = "act=store-adopt&reason=x&subject=" + encoded("0 /") + "&word=";
    assertThat(post(operator, "/dashboard/act", form + "adopt").statusCode()).isEqualTo(403);
    String administrator = cookie("admin");
    assertThat(post(administrator, "/dashboard/act", form + "no").statusCode()).isEqualTo(400);
    HttpResponse<String> believed = post(administrator, "/dashboard/act", form + "adopt");
    assertThat(believed.statusCode()).isEqualTo(409);
    assertThat(believed.body()).contains("there is nothing to decide");
  }

  @Test
  void whatIsPlannedIsListedTheNextFirst() {
    Actor alice = Actor.of("alice", "cli");
    Instant start = Instant.now().plus(Duration.ofHours(5)).truncatedTo(ChronoUnit.MINUTES);
    MaintenanceWindow window =
        new MaintenanceWindow(start, start.plus(Duration.ofHours(2)), "archive");
    await(admin.engine.routes().schedule("GET:/orders/:id", alice, window));
    await(admin.engine.routes().disable("GET:/payments", alice, "fraud", start));
    String page = get(operator, "/dashboard/schedule").body();
    assertThat(page)
        .contains("1–2 of 2 entries", "archive", "fraud")
        .contains("value=\"unschedule GET:/orders/:id\"", "value=\"enable GET:/payments\"");
    assertThat(page.indexOf("fraud")).isPositive();
    await(admin.engine.routes().enable("GET:/payments", alice, ""));
    await(admin.engine.routes().enable("GET:/orders/:id", alice, ""));
    assertThat(get(operator, "/dashboard/schedule").body()).contains("Nothing is planned");
  }

  /** Which process follows, and how far it is behind. */
  @Test
  void servicesThatFollowAreListed() throws Exception {
    assertThat(get(viewer, "/dashboard/services").body()).contains("No service follows");
    String body = "{\"service\": \"pay\"}";
    String token =
        ShieldJson.parse(
                "answer",
                send(request("/api/tokens")
                        .header("Cookie", cookie("admin"))
                        .header("Origin", admin.url(""))
                        .POST(BodyPublishers.ofString(body)))
                    .body())
            .path("token")
            .textValue();
    HttpResponse<InputStream> stream =
        CLIENT.send(
            request("/api/sdk/events")
                .header("X-Shield-Token", token)
                .header("X-Shield-Instance", "pay-7")
                .build(),
            BodyHandlers.ofInputStream());
    assertThat(stream.statusCode()).isEqualTo(200);
    assertThat(get(viewer, "/dashboard/services").body())
        .contains("pay-7", "Up to date", "127.0.0.1");
    stream.body().close();
  }

  /** One session does not take all connections. */
  @Test
  void aSessionHasOnlySoManyStreams() throws Exception {
    String own = cookie("viewer");
    List<InputStream> open = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < 30; i++) {
      HttpResponse<InputStream> stream =
          CLIENT.send(
              request("/dashboard/events?page=audit").header("Cookie", own).build(),
              BodyHandlers.ofInputStream());
      open.add(stream.body());
      refused += stream.statusCode() == 429 ? 1 : 0;
    }
    assertThat(refused).isEqualTo(6);
    assertThat(get(viewer, "/dashboard/audit").statusCode()).isEqualTo(200);
    for (InputStream each : open) {
      each.close();
    }
  }

  @Test
  void aHarmfulActionNeedsAReason() {
    long version = admin.engine.routes().get("GET:/payments").state().version();
    HttpResponse<String> refused =
        post(
            operator,
            "/dashboard/act",
            "act=disable&reason=+&subject=" + encoded(version + " GET:/payments"));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("reason");
  }

  @Test
  void limitsOfOneServiceAreShownAlone() {
    try (RunningAdmin fleet = new RunningAdmin(new AdminOptions())) {
      for (String service : List.of("pay", "shop")) {
        await(
            fleet.engine.register(
                List.of(
                    RouteState.active(service + ":GET:/limited"),
                    RouteState.active(service + ":GET:/free"))));
        // The first as people name it, the other as a service's code does.
        String path = service + (service.equals("pay") ? ":GET:/limited" : ":/limited");
        RateLimitPolicy policy = RateLimitPolicy.of("GET", path, "5/minute");
        await(fleet.engine.rateLimits().set(policy, Actor.of("alice", "cli")));
      }
      String both = send(request(fleet, "/dashboard/limits")).body();
      assertThat(both).contains("pay:GET:/limited", "shop:/limited", "Service pay");
      assertThat(both).contains("Routes without a limit of their own: 2");
      String pay = send(request(fleet, "/dashboard/limits?service=pay")).body();
      assertThat(pay)
          .contains("pay:GET:/limited", "pay:GET:/free", "Service pay", "Whole fleet")
          .doesNotContain("shop:GET:/limited", "shop:GET:/free", "Service shop");
    }
  }

  private static HttpRequest.Builder request(RunningAdmin admin, String target) {
    return HttpRequest.newBuilder(URI.create(admin.url(target)));
  }

  /** Where another service runs is not known here. */
  @Test
  void whetherAGateIsOpenIsSaidOfThisProcessOnly() {
    String here = admin.engine.site().environment();
    for (String key : List.of("GET:/gated", "elsewhere:GET:/gated")) {
      admin.register(key);
      await(admin.engine.routes().envGate(key, Actor.of("alice", "cli"), List.of(here)));
    }
    String found = get(viewer, "/dashboard/routes?q=gated").body();
    assertThat(found).contains("elsewhere", "/gated");
    assertThat(found.split("open in " + here, -1)).hasSize(2);
  }

  /** Five thousand routes are shown part by part. */
  @Test
  void thousandsOfRoutesMakeNoLargePage() {
    try (RunningAdmin large = new RunningAdmin(new AdminOptions())) {
      List<RouteState> states =
          IntStream.range(0, 5000)
              .mapToObj(i -> RouteState.active("GET:/service/resource-" + i + "/:id"))
              .toList();
      await(large.engine.register(states));
      HttpResponse<String> page =
          send(HttpRequest.newBuilder(URI.create(large.url("/dashboard/routes"))));
      assertThat(page.body()).contains("1–50 of 5000 routes");
      assertThat(page.body().getBytes(StandardCharsets.UTF_8).length).isLessThan(100 * 1024);
      HttpResponse<String> last =
          send(HttpRequest.newBuilder(URI.create(large.url("/dashboard/routes?from=4990"))));
      assertThat(last.body()).contains("4951–5000 of 5000 routes");
    }
  }
}
