package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.RunningAdmin;
import io.shield.json.ShieldJson;
import io.shield.memory.MemoryBackend;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page on webhooks says to type, and what it says is sent. */
class WebhookPageTest {
  private final List<String> bodies = new CopyOnWriteArrayList<>();

  @TempDir Path directory;

  private RunningAdmin admin;
  private Shell shell;
  private String page;
  private String url;

  @BeforeEach
  void start() throws IOException {
    admin =
        new RunningAdmin(
            new AdminOptions(),
            new ShieldOptions()
                .setBackend(MemoryBackend.create())
                .putSetting("SHIELD_WEBHOOK_ALLOWED_ADDRESSES", "127.0.0.1/32"));
    admin.register("GET:/payments");
    shell = new Shell(directory).set("SHIELD_SERVER_URL", admin.url(""));
    page = Files.readString(Path.of("..", "docs", "webhooks.md"));
    HttpServer receiver =
        RunningAdmin.await(
            admin
                .vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      request.body().onSuccess(body -> bodies.add(body.toString()));
                      request.response().end();
                    })
                .listen(0, "127.0.0.1"));
    url = "http://127.0.0.1:" + receiver.actualPort() + "/";
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @Test
  void asItIsWritten() {
    List<String> lines =
        page.lines().filter(line -> line.startsWith("    ./shield ")).map(String::strip).toList();
    assertThat(lines).hasSize(5);
    for (String line : lines) {
      // The receivers of the page are nobody's.
      String typed = line.substring("./shield ".length()).replaceAll("https://\\S+", url);
      assertThat(shell.sh(typed)).as("%s: %s", line, shell.err()).isZero();
    }
    await().until(() -> shell.sh("webhook deliveries ops") == 0 && shell.out().contains("test"));
    assertThat(shell.sh("disable GET:/payments")).isZero();
    await().until(() -> bodies.stream().anyMatch(body -> body.contains("*DISABLE*")));
    await().until(() -> shell.sh("webhook deliveries ops -o name") == 0 && !shell.out().isBlank());
    String id = shell.out().lines().findFirst().orElseThrow();
    assertThat(shell.sh("webhook redeliver ops " + id)).as(shell.err()).isZero();
    for (String change : List.of("disable", "enable", "rotate", "delete")) {
      assertThat(shell.sh("webhook " + change + " ops")).as(shell.err()).isZero();
    }
    assertThat(shell.sh("webhook test ops")).isEqualTo(3);
  }

  /** An id that is cut short is of no use to redeliver, a problem neither. */
  @Test
  void whatCameOfATestIsToldInFull() {
    assertThat(shell.sh("webhook add far http://192.0.2.1/hook --event test")).isZero();
    assertThat(shell.sh("webhook test far")).isZero();
    assertThat(shell.out()).contains("on its way", "shield webhook deliveries far");
    shell.atTerminal("").set("COLUMNS", "100").set("NO_COLOR", "1");
    await().until(() -> shell.sh("webhook deliveries far") == 0 && shell.out().contains("failed"));
    assertThat(shell.out())
        .startsWith("The last try failed: the address is not public and not in")
        .containsPattern("msg_[-0-9a-f]{36}");
    assertThat(shell.sh("log --wide")).isZero();
    assertThat(shell.out()).contains("[webhook far]").doesNotContain("__webhook");
  }

  @Test
  void whatIsThereAlreadyIsNotReplacedSilently() {
    assertThat(shell.sh("webhook add ops " + url)).isZero();
    assertThat(shell.err()).isEmpty();
    assertThat(shell.sh("webhook add other " + url)).isZero();
    assertThat(shell.err()).contains("the webhook 'ops' has the same URL, which is told twice");
    assertThat(shell.sh("webhook add ops http://192.0.2.1/")).isZero();
    assertThat(shell.err()).contains("the webhook 'ops' was there already and is replaced");
    assertThat(shell.out()).doesNotContain("warnings");
  }

  @Test
  void whatIsDoneIsSaid() {
    assertThat(shell.sh("webhook add ops " + url)).isZero();
    assertThat(shell.sh("webhook delete ops")).isZero();
    assertThat(shell.out().strip()).isEqualTo("The webhook 'ops' is deleted.");
    assertThat(shell.sh("webhook add ops " + url)).isZero();
    assertThat(shell.sh("webhook delete ops -o name")).isZero();
    assertThat(shell.out().strip()).isEqualTo("ops");
    assertThat(shell.sh("rate-limits set GET:/payments 5/minute")).isZero();
    assertThat(shell.sh("rate-limits reset GET:/payments")).isZero();
    assertThat(shell.out().strip()).isEqualTo("The counters of GET:/payments are reset.");
    assertThat(shell.sh("rate-limits delete GET:/payments -o json")).isZero();
    assertThat(shell.json().getBoolean("ok")).isTrue();
    assertThat(shell.sh("forget GET:/payments --force")).isZero();
    assertThat(shell.out().strip()).isEqualTo("GET:/payments is forgotten.");
  }

  @Test
  void whatIsSentHasTheFieldsOfThePage() {
    assertThat(shell.sh("webhook add ops " + url)).isZero();
    assertThat(shell.sh("disable GET:/payments")).isZero();
    await().until(() -> bodies.size() == 1);
    Matcher sample = Pattern.compile("(?s)```json\n(.*?)```").matcher(page);
    assertThat(sample.find()).isTrue();
    JsonNode shown = ShieldJson.parse("page", sample.group(1));
    JsonNode sent = ShieldJson.parse("body", bodies.get(0));
    assertThat(sent.fieldNames()).toIterable().containsExactlyElementsOf(shown::fieldNames);
    assertThat(sent.get("state").fieldNames()).toIterable().contains("path", "status");
  }
}
