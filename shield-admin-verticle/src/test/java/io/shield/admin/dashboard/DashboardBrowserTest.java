package io.shield.admin.dashboard;

import static io.shield.admin.RunningAdmin.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldOptions;
import io.shield.admin.AdminRouter;
import io.shield.admin.RunningAdmin;
import io.shield.backend.file.FileBackend;
import io.shield.backend.file.FileBackendOptions;
import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.backend.redis.RedisProcess;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * What an operator does with the dashboard, in a real browser, on one of two nodes that share a
 * store; what the other node is told is seen in the first one's browser.
 */
class DashboardBrowserTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  @TempDir static Path directory;
  private static RunningAdmin admin;
  private static RunningAdmin other;
  private static Browser browser;

  @BeforeAll
  static void start() {
    Browser.require();
    admin = node();
    other = node();
    browser = new Browser();
    browser.dark(false);
    browser.signIn(admin.url("/dashboard"), "operator", RunningAdmin.PASSWORD);
  }

  private static RunningAdmin node() {
    FileBackend backend =
        FileBackend.create(
            new FileBackendOptions().setPath(directory.resolve("state.json").toString()));
    return new RunningAdmin(RunningAdmin.accounts(), backend, InstantSource.system());
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (admin != null) {
      admin.close();
      other.close();
    }
  }

  @BeforeEach
  void register() {
    admin.register(
        "GET:/payments",
        "POST:/payments",
        "GET:/orders/:id",
        "GET:/search",
        "GET:/a-b",
        "GET:/a/b",
        "GET:/a.b");
    browser.open(admin.url("/dashboard/routes"));
    browser.awaitLive();
  }

  /** Nothing was refused by the browser, and nothing was thrown. */
  @AfterEach
  void browserHadNothingToComplainAbout() {
    assertThat(browser.complaints()).isEmpty();
  }

  private static RouteState state(String key) {
    return admin.engine.routes().get(key).state();
  }

  private static boolean shows(Browser where, String key, String status) {
    return !where.row(key).findElements(By.cssSelector(".s-" + status)).isEmpty();
  }

  private static void awaitShown(String key, String status) {
    browser.awaitTrue(key + " is shown as " + status, () -> shows(browser, key, status));
  }

  /** Rows are replaced at any time: what is to be clicked is looked for until it is clicked. */
  private static void press(String key, String css) {
    browser.awaitTrue(
        css,
        () -> {
          browser.row(key).findElement(By.cssSelector(css)).click();
          return true;
        });
    browser.awaitTrue("dialog", () -> browser.find("#dialog").isDisplayed());
  }

  private static void act(String key) {
    press(key, "td.acts button:not(.icon)");
  }

  private static void choose(String key, String action) {
    press(key, "td.acts button.icon");
    browser.click("#dialog .choice button[value^='" + action + " ']");
    browser.awaitTrue("form", () -> !browser.all("#dialog-form").isEmpty());
  }

  private static void submit() {
    browser.click("#dialog-submit");
    browser.awaitTrue("dialog closed", () -> !browser.find("#dialog").isDisplayed());
  }

  @Test
  void closesARouteForHalfAnHourAndTakesItBack() {
    int closed = Integer.parseInt(browser.text("[sse-swap=n-maintenance]"));
    act("GET:/payments");
    assertThat(browser.script("return document.activeElement.textContent")).isEqualTo("Cancel");
    browser.click("#dialog input[value=for]");
    browser.type("#d-reason", "DB swap");
    submit();
    awaitShown("GET:/payments", "maintenance");
    assertThat(state("GET:/payments").until())
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(29)), Instant.now().plus(Duration.ofMinutes(31)));
    assertThat(state("GET:/payments").reason()).isEqualTo("DB swap");
    browser.awaitText("[sse-swap=n-maintenance]", String.valueOf(closed + 1));
    browser.click(".toast form button");
    awaitShown("GET:/payments", "active");
    assertThat(state("GET:/payments").until()).isNull();
  }

  @Test
  void everyActionOfARoute() {
    choose("GET:/search", "disable");
    browser.click("#dialog input[value=for]");
    browser.type("#d-reason", "abuse");
    submit();
    awaitShown("GET:/search", "disabled");
    assertThat(state("GET:/search").until()).isNotNull();

    choose("GET:/search", "env");
    browser.type("#d-envs", "staging, qa");
    browser.type("#d-reason", "not ready");
    submit();
    awaitShown("GET:/search", "env_gated");
    assertThat(state("GET:/search").allowedEnvs()).containsExactly("staging", "qa");

    choose("GET:/search", "canary");
    browser.type("#d-percentage", "20");
    submit();
    browser.awaitTrue("flag", () -> browser.row("GET:/search").getText().contains("canary 20 %"));

    choose("GET:/search", "deprecate");
    browser.type("#d-successor", "/v2/search");
    submit();
    awaitShown("GET:/search", "deprecated");

    choose("GET:/search", "enable");
    submit();
    awaitShown("GET:/search", "active");

    act("GET:/search");
    browser.click("#dialog input[value=window]");
    browser.script(
        "const at = h => { const d = new Date(Date.now() + h * 36e5); d.setMinutes(d.getMinutes() - d.getTimezoneOffset()); return d.toISOString().slice(0, 16); };"
            + "document.querySelector('[name=start]').value = at(1);"
            + "document.querySelector('[name=end]').value = at(2);");
    browser.type("#d-reason", "planned");
    submit();
    browser.awaitTrue(
        "next", () -> browser.row("GET:/search").getText().contains("Maintenance in "));
    assertThat(state("GET:/search").window().start())
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(57)), Instant.now().plus(Duration.ofMinutes(61)));
    choose("GET:/search", "unschedule");
    submit();
    browser.awaitTrue("no window", () -> state("GET:/search").window() == null);
  }

  @Test
  void severalRoutesAtOnce() {
    for (String key : List.of("GET:/a-b", "GET:/a/b", "GET:/a.b")) {
      browser.awaitTrue(
          "selected",
          () -> {
            WebElement box = browser.row(key).findElement(By.cssSelector("td.pick input"));
            if (!box.isSelected()) {
              box.click();
            }
            return box.isSelected();
          });
    }
    browser.click(".bulk button[value=disable]");
    browser.awaitText("#dialog", "Touches 3 routes");
    browser.type("#d-reason", "moving");
    submit();
    awaitShown("GET:/a.b", "disabled");
    awaitShown("GET:/a-b", "disabled");
    long revision = state("GET:/a-b").version();
    assertThat(state("GET:/a/b").version()).isEqualTo(revision);
    browser.click(".toast form button");
    awaitShown("GET:/a/b", "active");
  }

  @Test
  void whoWasFasterIsSeenBesideWhatWasAsked() {
    act("GET:/orders/:id");
    await(other.engine.routes().disable("GET:/orders/:id", ALICE, "fraud"));
    awaitShown("GET:/orders/:id", "disabled");
    browser.type("#d-reason", "my upgrade");
    browser.click("#dialog-submit");
    browser.awaitText("#dialog", "Somebody else was faster");
    assertThat(browser.text("#dialog .conflict"))
        .contains("Disabled: fraud", "by alice", "Maintenance: my upgrade");
    assertThat(state("GET:/orders/:id").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(browser.find("#d-reason").getDomProperty("value")).isEqualTo("my upgrade");
    submit();
    awaitShown("GET:/orders/:id", "maintenance");
    await(other.engine.routes().enable("GET:/orders/:id", ALICE, ""));
    awaitShown("GET:/orders/:id", "active");
  }

  /** Two browsers, two nodes. */
  @Test
  void whatOneDoesTheOtherSees() {
    try (Browser second = new Browser()) {
      second.signIn(other.url("/dashboard"), "admin", RunningAdmin.PASSWORD);
      second.awaitTrue("rows", () -> second.row("GET:/payments").isDisplayed());
      second.awaitLive();
      second.row("GET:/payments").findElement(By.cssSelector("td.acts button")).click();
      second.type("#d-reason", "from the other node");
      second.click("#dialog-submit");
      awaitShown("GET:/payments", "maintenance");
      assertThat(browser.row("GET:/payments").getText()).contains("from the other node");
      await(other.engine.maintenance().enableGlobal(ALICE, "moving house"));
      browser.awaitText("#notices", "The whole fleet is under maintenance. moving house");
      awaitShown("GET:/a-b", "maintenance");
      await(other.engine.maintenance().disableGlobal(ALICE));
      await(other.engine.routes().enable("GET:/payments", ALICE, ""));
      awaitShown("GET:/payments", "active");
      assertThat(browser.all("#notices p")).isEmpty();
    }
  }

  /** On a store that tells by itself; the nodes of the other tests look at a file. */
  @Test
  void changesOfAnotherNodeOnRedisAreShown() throws Exception {
    try (RedisProcess redis =
            RedisProcess.start(Files.createDirectory(directory.resolve("redis")));
        RunningAdmin one = onRedis(redis);
        RunningAdmin two = onRedis(redis);
        Browser second = new Browser()) {
      one.register("GET:/payments");
      second.signIn(one.url("/dashboard"), "operator", RunningAdmin.PASSWORD);
      second.awaitLive();
      second.awaitTrue("row", () -> shows(second, "GET:/payments", "active"));
      await(two.engine.routes().disable("GET:/payments", ALICE, "from the other node"));
      second.awaitTrue("shown", () -> shows(second, "GET:/payments", "disabled"));
      assertThat(second.row("GET:/payments").getText()).contains("from the other node");
    }
  }

  private static RunningAdmin onRedis(RedisProcess redis) {
    RedisBackendOptions options = new RedisBackendOptions().setUrl(redis.url());
    return new RunningAdmin(
        RunningAdmin.accounts(),
        new ShieldOptions()
            .setBackend(RedisBackend.create(options))
            .putSetting("SHIELD_CACHE_DIR", "off"));
  }

  @Test
  void closingEverythingWantsAWord() {
    browser.open(admin.url("/dashboard/services"));
    browser.awaitLive();
    browser.click("button[value^='fleet-on']");
    browser.awaitText("#dialog", "Touches ");
    browser.type("#d-reason", "moving");
    browser.type("#d-exempt", "/orders/:id");
    browser.type("#d-word", "no");
    browser.click("#dialog-submit");
    browser.awaitText("#dialog [role=alert]", "close");
    assertThat(admin.engine.maintenance().global().enabled()).isFalse();
    browser.type("#d-word", "close");
    submit();
    browser.awaitText("#notices", "The whole fleet is under maintenance");
    assertThat(admin.engine.maintenance().global().exemptPaths()).containsExactly("/orders/:id");
    browser.click(".toast form button");
    browser.awaitTrue("open", () -> browser.all("#notices p").isEmpty());
    assertThat(admin.engine.maintenance().global().enabled()).isFalse();
  }

  @Test
  void everyActionOfALimit() {
    await(admin.engine.rateLimits().set(RateLimitPolicy.of("GET", "/payments", "5/minute"), ALICE));
    browser.open(admin.url("/dashboard/limits"));
    browser.awaitLive();
    browser.click("button[value='limit-set GET:/payments']");
    browser.type("#d-limit", "7 apples");
    browser.click("#dialog-submit");
    browser.awaitText("#dialog [role=alert]", "limit");
    browser.type("#d-limit", "7/minute");
    submit();
    browser.awaitText("#main table", "7/minute");
    browser.click("button[value='limit-pause GET:/payments']");
    submit();
    browser.awaitText("#main table", "Paused");
    browser.click("button[value='limit-resume GET:/payments']");
    submit();
    browser.awaitText("#main table", "In force");
    browser.click("button[value='limit-reset GET:/payments']");
    submit();
    browser.click("button[value='limit-delete GET:/payments']");
    submit();
    browser.awaitText("#main", "No route has a limit of its own");
    browser.click(".toast:last-child form button");
    browser.awaitText("#main table", "7/minute");
    browser.click("button[value='wide-set /']");
    browser.type("#d-limit", "1000/minute");
    submit();
    browser.awaitText(".card", "1000/minute");
    await(admin.engine.rateLimits().delete("GET:/payments", ALICE));
    await(admin.engine.rateLimits().global().delete(ALICE));
  }

  @Test
  void theKeyboardIsEnough() {
    // Until the changes of earlier tests are shown the page may be read again below what is typed.
    AtomicInteger looks = new AtomicInteger();
    browser.awaitTrue(
        "filtered",
        () -> {
          if (looks.getAndIncrement() % 100 == 0) {
            browser.script("document.activeElement.blur()");
            browser.keys("/");
            assertThat(browser.script("return document.activeElement.id")).isEqualTo("q");
            browser.keys("orders");
          }
          return browser.all("tbody tr").size() == 1;
        });
    assertThat(browser.driver.getCurrentUrl()).contains("q=orders");
    browser.keys(Keys.ESCAPE);
    browser.awaitTrue("all", () -> browser.all("tbody tr").size() > 1);
    browser.script("document.activeElement.blur()");
    browser.keys("j");
    browser.keys("j");
    browser.keys("x");
    assertThat(browser.all("td.pick input:checked")).hasSize(1);
    browser.keys("?");
    browser.awaitTrue("help", () -> browser.find("#help").isDisplayed());
    browser.keys(Keys.ESCAPE);
    browser.control("k");
    browser.keys("disable search");
    browser.awaitText("#palette-list [aria-selected=true]", "GET:/search");
    browser.keys(Keys.ENTER);
    browser.awaitText("#dialog", "Disable: GET:/search");
    browser.keys(Keys.ESCAPE);
    browser.awaitTrue("closed", () -> !browser.find("#dialog").isDisplayed());

    browser.script(
        "arguments[0].focus()",
        browser.row("GET:/search").findElement(By.cssSelector("td.acts button")));
    browser.keys(Keys.ENTER);
    browser.awaitText("#dialog", "Maintenance: GET:/search");
    await(admin.engine.routes().canary("GET:/search", ALICE, 3));
    browser.awaitTrue("row", () -> browser.row("GET:/search").getText().contains("canary 3 %"));
    browser.keys(Keys.ESCAPE);
    browser.awaitTrue(
        "the focus is back where it was",
        () ->
            String.valueOf(browser.script("return document.activeElement.value"))
                .equals("maintenance GET:/search"));
    await(admin.engine.routes().canary("GET:/search", ALICE, 0));
    browser.awaitTrue("row", () -> !browser.row("GET:/search").getText().contains("canary"));
    assertThat(browser.script("return document.activeElement.value"))
        .isEqualTo("maintenance GET:/search");
  }

  /** Whatever somebody typed is text, on every page and in every message. */
  @Test
  void whatPeopleTypeIsText() {
    List<String> corpus =
        List.of(
            "<script>window.xss=1</script>",
            "<img src=x onerror=window.xss=1>",
            "\"><svg onload=window.xss=1>",
            "' autofocus onfocus=window.xss=1 x='",
            "javascript:window.xss=1",
            "{{constructor.constructor('window.xss=1')()}} ${7*7}",
            "</td></tr></table><iframe srcdoc='<script>parent.xss=1</script>'>",
            "a\rdata: <b id=injected>x</b>\nevent: notices\ndata: <b id=injected>x</b>");
    String service = "pay\"><u>'<u>";
    String key = "GET:/<img/src=x/onerror=window.xss=1>/'\"&";
    RouteState named = RouteState.builder(key).service(service).build();
    await(admin.engine.register(List.of(named)));
    browser.open(admin.url("/dashboard/routes"));
    browser.awaitLive();
    for (String text : corpus) {
      String typed = text.replaceAll("[\r\n]", " ");
      Actor mallory = Actor.of(typed.length() > 100 ? "x" : typed, "cli");
      await(admin.engine.routes().maintenance(key, mallory, text));
      browser.awaitTrue(text, () -> browser.row(key).getText().contains(typed));
    }
    await(admin.engine.maintenance().enableService(service, ALICE, corpus.get(0)));
    for (String page :
        List.of(
            "routes",
            "route?key=" + encoded(key),
            "audit",
            "services",
            "limits",
            "routes?q=" + encoded(corpus.get(2)))) {
      browser.open(admin.url("/dashboard/" + page));
      browser.awaitLive();
      assertThat(browser.script("return window.xss")).as(page).isNull();
      assertThat(
              browser.all("#injected, main u, main img, main svg:not(.graph), main script, iframe"))
          .as(page)
          .isEmpty();
    }
    await(admin.engine.maintenance().disableService(service, ALICE));
    browser.open(admin.url("/dashboard/routes"));
    browser.awaitLive();
    act(key);
    submit();
    browser.awaitText("#toasts", key);
    assertThat(browser.script("return window.xss")).isNull();
  }

  /** A hidden tab has no connection; shown again it is up to date. */
  @Test
  void aHiddenTabGivesItsConnectionBack() {
    hide(true);
    browser.awaitTrue(
        "paused", () -> "paused".equals(browser.find("#pill").getDomAttribute("data-state")));
    await(admin.engine.routes().disable("GET:/a-b", ALICE, "while hidden"));
    assertThat(shows(browser, "GET:/a-b", "active")).isTrue();
    hide(false);
    awaitShown("GET:/a-b", "disabled");
    browser.awaitLive();
    await(admin.engine.routes().enable("GET:/a-b", ALICE, ""));
    awaitShown("GET:/a-b", "active");
  }

  /** Whoever looks knows how old it is; once the server is back, it is up to date by itself. */
  @Test
  void thePillSaysHowFreshThePageIs() {
    RunningAdmin node = node();
    try (Browser second = new Browser()) {
      HttpServer[] server = {listen(node, 0)};
      int port = server[0].actualPort();
      second.signIn("http://localhost:" + port + "/dashboard", "operator", RunningAdmin.PASSWORD);
      second.awaitLive();
      assertThat(second.text("#pill")).isEqualTo("Live");
      await(server[0].close());
      second.awaitText("#pill", "Reconnecting");
      await(admin.engine.routes().disable("GET:/a-b", ALICE, "meanwhile"));
      second.awaitTrue("stale", () -> second.text("#pill").matches("Stale for \\d+ s"));
      assertThat(shows(second, "GET:/a-b", "active")).isTrue();
      server[0] = listen(node, port);
      second.awaitTrue("caught up", () -> shows(second, "GET:/a-b", "disabled"));
      second.awaitLive();
      await(server[0].close());
    }
    await(admin.engine.routes().enable("GET:/a-b", ALICE, ""));
    node.close();
  }

  private static HttpServer listen(RunningAdmin node, int port) {
    Router router = Router.router(node.vertx);
    router.route("/*").subRouter(AdminRouter.create(node.engine, RunningAdmin.accounts()));
    return await(node.vertx.createHttpServer().requestHandler(router).listen(port, "localhost"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static void hide(boolean hidden) {
    browser.script(
        "Object.defineProperty(document, 'hidden', {configurable: true, value: arguments[0]});"
            + "document.dispatchEvent(new Event('visibilitychange'));",
        hidden);
  }

  @Test
  void whoIsSignedOutKeepsWhatWasTyped() {
    try (Browser second = new Browser()) {
      second.signIn(admin.url("/dashboard"), "operator", RunningAdmin.PASSWORD);
      second.awaitLive();
      second.row("GET:/payments").findElement(By.cssSelector("td.acts button")).click();
      second.type("#d-reason", "typed with care");
      second.driver.manage().deleteAllCookies();
      second.click("#dialog-submit");
      second.awaitTrue("told", () -> second.find("#signed-out").isDisplayed());
      assertThat(second.find("#d-reason").getDomProperty("value")).isEqualTo("typed with care");
      assertThat(state("GET:/payments").status()).isEqualTo(RouteStatus.ACTIVE);
    }
  }
}
