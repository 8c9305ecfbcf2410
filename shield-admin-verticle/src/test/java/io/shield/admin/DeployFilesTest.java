package io.shield.admin;

import static io.shield.admin.RunningAdmin.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.model.RateLimitPolicy;
import io.shield.model.audit.Actor;
import io.shield.web.ShieldHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the files for operators name exists: meters and their labels, and settings. */
class DeployFilesTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path DEPLOY = ROOT.resolve("deploy");
  private static final Pattern METER = Pattern.compile("\\bshield_[a-z_]+");
  private static final Pattern LABEL =
      Pattern.compile("\\b(condition|state|decision)[!=]=?~?\\\\?\"([a-z_|]+)\\\\?\"");
  private static final Pattern VARIABLE = Pattern.compile("\\bSHIELD_[A-Z_]+");

  private static Vertx vertx;
  private static String metrics;

  @BeforeAll
  static void scrape() {
    vertx = Vertx.vertx();
    ShieldEngine engine =
        ShieldEngine.create(
            vertx, new ShieldOptions().setBackend("memory").setName("d" + UUID.randomUUID()));
    Router router = Router.router(vertx);
    router.route().handler(ShieldHandler.create(engine, router));
    router.route("/shield/*").subRouter(AdminRouter.create(engine, new AdminOptions()));
    router.get("/search").handler(ctx -> ctx.end("search"));
    await(engine.start());
    HttpServer server =
        await(vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
    await(
        engine
            .rateLimits()
            .set(RateLimitPolicy.of("GET", "/search", "1/day"), Actor.of("ann", "cli")));
    String url = "http://localhost:" + server.actualPort();
    RunningAdmin.send(HttpRequest.newBuilder(URI.create(url + "/search")));
    metrics = RunningAdmin.send(HttpRequest.newBuilder(URI.create(url + "/shield/metrics"))).body();
  }

  @AfterAll
  static void close() {
    await(vertx.close());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"grafana/shield.json", "prometheus/alerts.yml", "prometheus/alerts-test.yml"})
  void itsMetersAreThoseThatAreShown(String file) throws IOException {
    Set<String> shown = new TreeSet<>();
    metrics
        .lines()
        .filter(line -> line.startsWith("shield_"))
        .map(line -> line.replaceFirst("[{ ].*", ""))
        .forEach(shown::add);
    String text = Files.readString(DEPLOY.resolve(file));
    Set<String> used = all(METER, text);
    assertThat(used).hasSizeGreaterThan(2);
    assertThat(shown).containsAll(used);
    Matcher label = LABEL.matcher(text);
    while (label.find()) {
      for (String value : label.group(2).split("\\|", -1)) {
        assertThat(metrics).contains(label.group(1) + "=\"" + value + "\"");
      }
    }
  }

  /** Variables of the launcher and of the page itself aside, each is one that a page describes. */
  @Test
  void theirVariablesAreDescribed() throws IOException {
    StringBuilder pages = new StringBuilder(Files.readString(ROOT.resolve("README.md")));
    for (Path page : files(ROOT.resolve("docs"))) {
      if (page.toString().endsWith(".md")) {
        pages.append(Files.readString(page));
      }
    }
    Set<String> described = all(VARIABLE, pages.toString());
    for (Path file : files(DEPLOY)) {
      // Of a service called shield Kubernetes itself would make such variables.
      String text = Files.readString(file).replaceAll("(?m)^ *# Else a service.*$", "");
      assertThat(described).as(file.toString()).containsAll(all(VARIABLE, text));
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static Set<String> all(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }
}
