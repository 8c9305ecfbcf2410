package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.admin.AdminOptions;
import io.shield.admin.RunningAdmin;
import io.shield.model.RouteStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page on declared state says to type does what it says. */
class DeclaredPageTest {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @TempDir Path directory;

  private RunningAdmin admin;
  private Shell shell;
  private String page;

  @BeforeEach
  void start() throws IOException {
    admin = new RunningAdmin(new AdminOptions());
    admin.register("GET:/payments", "GET:/search");
    shell = new Shell(directory).set("SHIELD_SERVER_URL", admin.url(""));
    page = Files.readString(Path.of("..", "docs", "declared-state.md"));
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private List<String> lines() {
    return page.lines()
        .filter(line -> line.startsWith("    ./shield "))
        .map(String::strip)
        .toList();
  }

  private String block(String language) {
    Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(page);
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  /** Types a line; what goes into a file is there afterwards. */
  private int type(String line) throws IOException {
    String[] parts = line.substring("./shield ".length()).split(" > ", 2);
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(parts[0]);
    while (word.find()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    int code = shell.run(words.toArray(String[]::new));
    if (parts.length > 1) {
      Files.writeString(directory.resolve(parts[1]), shell.out());
    }
    return code;
  }

  @Test
  void asItIsWritten() throws IOException {
    List<String> lines = lines();
    assertThat(lines).hasSize(5);
    assertThat(type(lines.get(0))).as(shell.err()).isZero();
    assertThat(type(lines.get(1))).as(shell.err()).isZero();
    assertThat(shell.out()).isEmpty();
    Files.writeString(directory.resolve("shield.yaml"), block("yaml"));
    assertThat(type(lines.get(2))).as(shell.err()).isEqualTo(1);
    assertThat(shell.out()).isEqualToNormalizingNewlines(block("text"));
    assertThat(type(lines.get(3))).as(shell.err()).isZero();
    assertThat(admin.engine.routes().get("GET:/payments").status())
        .isEqualTo(RouteStatus.MAINTENANCE);
    assertThat(type(lines.get(4))).as(shell.err()).isZero();
    assertThat(directory.resolve("shield.yaml")).content().contains("# shown to callers");
  }

  @Test
  void readsStandardInputAndAnswersInJson() {
    shell.typing("{\"shield\": 1, \"routes\": {\"GET:/search\": {\"status\": \"disabled\"}}}");
    assertThat(shell.sh("apply - --dry-run -o json")).as(shell.err()).isZero();
    assertThat(shell.json().getBoolean("dry_run")).isTrue();
    assertThat(shell.json().getInteger("count")).isOne();
    assertThat(shell.err()).contains("nothing was changed");
    assertThat(shell.sh("diff - -o name")).isEqualTo(1);
    assertThat(shell.out().strip()).isEqualTo("routes/GET:/search");
  }

  /** Once, whoever is asked. */
  @Test
  void whatIsProbablyNotMeantIsTold() throws IOException {
    Files.writeString(
        directory.resolve("state.json"),
        "{\"states\": {}, \"audit\": [], \"rl_hits\": [], \"rl_policies\": {}}");
    String document =
        "{\"shield\": 1, \"routes\": {\"GET:/serch\": {\"status\": \"disabled\"}},"
            + " \"webhooks\": {\"ops\": {\"url\": \"https://ops.example.com\","
            + " \"events\": [\"disabled\", \"test\"]}}}";
    String local = " --backend file --file " + directory.resolve("state.json");
    for (String where : List.of("", local)) {
      for (String command : List.of("diff -", "apply - --dry-run", "apply -")) {
        shell.typing(document);
        shell.sh(command + where);
        assertThat(shell.err().lines())
            .as("%s%s: %s", command, where, shell.err())
            .filteredOn(line -> line.contains("nothing is known of such a route"))
            .hasSize(1);
        assertThat(shell.err()).contains("event 'disabled'", "did you mean disable");
        assertThat(shell.err()).doesNotContain("event 'test'");
      }
    }
  }

  /** "From this to the same" would tell nothing. */
  @Test
  void aWindowWhoseReasonAloneDiffers() {
    String start = "2999-01-01T02:00:00Z";
    String end = "2999-01-01T04:00:00Z";
    String document =
        "{\"shield\": 1, \"routes\": {\"GET:/search\": {\"status\": \"active\", \"windows\": [{\"start\": \"%s\","
            + " \"end\": \"%s\", \"reason\": \"%s\"}]}}}";
    shell.typing(document.formatted(start, end, "disks"));
    assertThat(shell.sh("apply -")).as(shell.err()).isZero();
    shell.typing(document.formatted(start, end, "discs"));
    assertThat(shell.sh("diff -")).isEqualTo(1);
    String times = start + " to " + end;
    assertThat(shell.out()).contains("windows: " + times + " (disks) > " + times + " (discs)");
  }

  @Test
  void saysWhereAFileIsWrong() throws IOException {
    assertThat(shell.sh("diff gone.yaml")).isEqualTo(3);
    assertThat(shell.err()).contains("gone.yaml");
    Files.writeString(directory.resolve("broken.yaml"), "shield: 1\nroutes: {\n  GET:/a: [\n");
    assertThat(shell.sh("apply broken.yaml")).isEqualTo(2);
    assertThat(shell.err().strip().lines()).hasSize(1);
    assertThat(shell.err()).contains("broken.yaml", "line ");
    Files.writeString(
        directory.resolve("wrong.yaml"), "shield: 1\nroutes:\n  GET:/search: {status: off}\n");
    assertThat(shell.sh("apply wrong.yaml")).isEqualTo(2);
    assertThat(shell.err()).contains("routes/GET:/search", "status", "'off'");
    Files.writeString(directory.resolve("twice.yaml"), "shield: 1\nroutes: {}\nroutes: {}\n");
    assertThat(shell.sh("apply twice.yaml")).isEqualTo(2);
    assertThat(shell.err()).contains("routes");
  }

  @Test
  void onAStoreWithoutAServer() throws IOException {
    Files.writeString(
        directory.resolve("state.json"),
        """
        {"states": {"GET:/a": {"path": "GET:/a", "status": "active"}},
         "audit": [], "rl_hits": [], "rl_policies": {}}
        """);
    Files.writeString(
        directory.resolve("a.yaml"), "shield: 1\nroutes:\n  GET:/a: {status: disabled}\n");
    String store = " --backend file --file " + directory.resolve("state.json");
    assertThat(shell.sh("apply a.yaml" + store)).as(shell.err()).isZero();
    assertThat(shell.sh("export -o json" + store)).as(shell.err()).isZero();
    assertThat(shell.json().getJsonObject("routes").getJsonObject("GET:/a").getString("status"))
        .isEqualTo("disabled");
  }
}
