package io.shield.admin.dashboard;

import static io.shield.admin.RunningAdmin.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.admin.RunningAdmin;
import io.shield.json.ShieldJson;
import io.shield.model.MaintenanceMode;
import io.shield.model.audit.Actor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The stream of events as the clients of three worlds read it. What is not there is fetched from
 * the registries of Python and npm.
 */
@EnabledIfSystemProperty(named = "shield.sse.clients", matches = "true")
class EventClientsTest {
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;

  private RunningAdmin admin;
  private String token;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(RunningAdmin.accounts().setSseKeepalive(Duration.ofSeconds(1)));
    admin.register("GET:/payments");
    token = admin.token("operator");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).directory(directory.toFile()).inheritIO().start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
  }

  private void script(String name) throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/sse/" + name)) {
      Files.copy(in, directory.resolve(name));
    }
  }

  /** What a process prints, as it comes. */
  private List<JsonNode> follow(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(Map.of("URL", admin.url("/api/events"), "TOKEN", token));
    Process process = builder.start();
    List<JsonNode> seen = new CopyOnWriteArrayList<>();
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines = process.inputReader()) {
                lines.lines().forEach(line -> seen.add(ShieldJson.parse("line", line)));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    reader.setDaemon(true);
    reader.start();
    return seen;
  }

  private static void awaitSeen(Supplier<List<JsonNode>> seen, int count) {
    Awaitility.await().atMost(PATIENCE).until(() -> seen.get().size() >= count);
  }

  /** Until some have come on a stream that is opened now, and so on the client's as well. */
  private void awaitComments() throws IOException {
    URLConnection stream = URI.create(admin.url("/api/events")).toURL().openConnection();
    stream.setRequestProperty("X-Shield-Token", token);
    stream.setReadTimeout((int) PATIENCE.toMillis());
    try (Scanner lines = new Scanner(stream.getInputStream(), StandardCharsets.UTF_8)) {
      for (int comments = 0; comments < 2; ) {
        comments += lines.nextLine().startsWith(": keepalive") ? 1 : 0;
      }
    }
  }

  /** What happens, and what has to be seen of it: each event once, and nothing beside. */
  private void happens(String client, Supplier<List<JsonNode>> seen) throws IOException {
    awaitSeen(seen, 1);
    await(admin.engine.routes().disable("GET:/payments", ALICE, "broken"));
    awaitSeen(seen, 2);
    awaitComments();
    List<String> exempt = IntStream.range(0, 160).mapToObj(i -> "/" + i + "x".repeat(450)).toList();
    await(
        admin.engine.maintenance().setGlobal(new MaintenanceMode(true, "", exempt, false), ALICE));
    awaitSeen(seen, 3);
    await(admin.engine.routes().enable("GET:/payments", ALICE, ""));
    awaitSeen(seen, 4);
    assertThat(seen.get().stream().map(each -> type(each.get(1).asText())))
        .as(client)
        .containsExactly("hello", "state", "reload", "state");
    String epoch = admin.engine.snapshot().head().epoch();
    assertThat(seen.get())
        .as(client)
        .allMatch(each -> each.get(0).asText().startsWith(epoch + ":"));
  }

  private static String type(String data) {
    return data.startsWith("{") ? ShieldJson.parse("data", data).path("type").asText() : data;
  }

  private void signsOut(String client, List<JsonNode> seen) {
    await(admin.engine.maintenance().disableGlobal(ALICE));
    awaitSeen(() -> seen, 5);
    admin.signOut(token);
    awaitSeen(() -> seen, 6);
    assertThat(seen.get(5).get(1).asText()).as(client).isEqualTo("ended");
  }

  @Test
  void httpxSse() throws Exception {
    run("python3", "-m", "venv", "venv");
    run("venv/bin/pip", "install", "-q", "httpx==0.28.1", "httpx-sse==0.4.3");
    script("follow.py");
    List<JsonNode> seen = follow(directory.resolve("venv/bin/python").toString(), "follow.py");
    happens("httpx-sse", () -> seen);
    signsOut("httpx-sse", seen);
  }

  @Test
  void eventsourceOfNpm() throws Exception {
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "eventsource@4.0.0");
    script("follow.mjs");
    List<JsonNode> seen = follow("node", "follow.mjs");
    happens("eventsource", () -> seen);
    signsOut("eventsource", seen);
  }

  @Test
  void chromium() throws Exception {
    Browser.require();
    try (Browser browser = new Browser()) {
      browser.signIn(admin.url("/dashboard"), "operator", RunningAdmin.PASSWORD);
      browser.script(
          "window.seen = [];"
              + "window.source = new EventSource('../api/events');"
              + "source.onmessage = e => seen.push([e.lastEventId, e.data]);");
      happens("Chromium", () -> seen(browser));
    }
  }

  private static List<JsonNode> seen(Browser browser) {
    String all = String.valueOf(browser.script("return JSON.stringify(window.seen)"));
    List<JsonNode> seen = new CopyOnWriteArrayList<>();
    ShieldJson.parse("seen", all).forEach(seen::add);
    return seen;
  }
}
