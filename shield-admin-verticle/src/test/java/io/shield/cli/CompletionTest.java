package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.admin.AdminOptions;
import io.shield.admin.RunningAdmin;
import io.shield.model.audit.Actor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be typed next. */
class CompletionTest {
  @TempDir Path home;

  private RunningAdmin admin;
  private Shell shell;

  @BeforeEach
  void start() {
    shell = new Shell(home).set("SHIELD_SERVER_URL", "http://localhost:1");
  }

  @AfterEach
  void stop() {
    if (admin != null) {
      admin.close();
    }
  }

  private void serve(String... routes) {
    admin = new RunningAdmin(new AdminOptions());
    admin.register(routes);
    shell.set("SHIELD_SERVER_URL", admin.url(""));
  }

  /** The words that the last word of a line can become, the line's words divided by spaces. */
  private List<String> completed(String line) {
    List<String> words = new ArrayList<>(List.of("__complete", "--"));
    words.addAll(List.of(line.split(" ", -1)));
    assertThat(shell.run(words.toArray(String[]::new))).isZero();
    assertThat(shell.err()).isEmpty();
    return shell.out().lines().map(l -> l.replaceFirst("\t.*", "")).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "sta, status",
    "srl d, delete disable",
    "config use, use-context",
    "rl --he, --help",
    "env s, set",
    "disable --rea, --reason",
    "disable --output j, json",
    "status -o t, table",
    "status --output=y, --output=yaml",
    "rl set GET:/a 5/minute --algorithm t, token_bucket",
    "rl set GET:/a 5/minute --key api, api_key",
    "status --backend r, redis",
    "token create --role o, operator",
    "explain PA, PATCH",
    "completion f, fish",
    "help hash, hash-password",
    "'disable --file ', :files",
    "'disable --context ', default",
    "maintenance --until 2h --st, --start"
  })
  void commandsOptionsAndValues(String line, String expected) {
    assertThat(completed(line)).containsExactly(expected.split(" "));
  }

  @Test
  void whatIsNoneOfThem() {
    assertThat(completed("")).contains("login", "global").doesNotContain("__complete", "sm");
    assertThat(completed("nothing ")).doesNotContain("--help");
    assertThat(completed("disable --reason ")).isEmpty();
    assertThat(completed("disable --reason x --")).contains("--until").doesNotContain("--reason");
    assertThat(completed("global enable --exempt /a --ex")).contains("--exempt");
    assertThat(completed("status -- --")).isEmpty();
    assertThat(completed("canary GET:/a ")).isEmpty();
  }

  @Test
  void whatTheyMean() {
    completed("stat");
    assertThat(shell.out().strip()).isEqualTo("status\tShows all routes, or one.");
    completed("status --time");
    assertThat(shell.out().strip()).endsWith("(default: 10s).");
  }

  @Test
  void routesAsTheServerKnowsThem() {
    serve("GET:/payments", "POST:/payments", "GET:/orders/:id", "billing:GET:/bills");
    Actor alice = Actor.of("alice", "cli");
    admin.engine.routes().disable("GET:/payments", alice, "broken\tcard").await();
    assertThat(completed("disable GET:/p")).containsExactly("GET:/payments");
    assertThat(shell.out()).isEqualTo("GET:/payments\tdisabled: broken\\u0009card\n");
    assertThat(completed("enable --reason fixed "))
        .containsExactlyInAnyOrder(
            "GET:/payments", "POST:/payments", "GET:/orders/:id", "billing:GET:/bills");
    assertThat(completed("status /p")).containsExactly("/payments");
    assertThat(shell.out()).contains("GET disabled, POST active");
    assertThat(completed("log --route=GET:/o")).containsExactly("--route=GET:/orders/:id");
    assertThat(completed("status --service billing ")).containsExactly("GET:/bills");
    assertThat(completed("sm enable ")).containsExactly("billing");
    shell.sh("rl set GET:/payments 5/minute");
    assertThat(completed("rl delete ")).containsExactly("GET:/payments");
    shell.sh("global enable --exempt /health");
    assertThat(completed("global exempt-remove ")).containsExactly("/health");
    shell.set("SHIELD_SERVICE", "billing");
    assertThat(completed("status ")).containsExactly("GET:/bills");
  }

  @Test
  void routesOfTheServerThatTheLineNames() {
    serve("GET:/payments");
    shell.set("SHIELD_SERVER_URL", "http://localhost:1");
    assertThat(completed("disable ")).isEmpty();
    assertThat(completed("disable --server-url " + admin.url("") + " "))
        .containsExactly("GET:/payments");
    shell.sh("config set-url " + admin.url("") + " --context there");
    assertThat(completed("disable --context=there ")).containsExactly("GET:/payments");
  }

  @Test
  void whoIsNotSignedInIsNotTold() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    admin.register("GET:/payments");
    shell.set("SHIELD_SERVER_URL", admin.url(""));
    assertThat(completed("disable ")).isEmpty();
    shell.set("SHIELD_TOKEN", admin.token("viewer"));
    assertThat(completed("disable ")).containsExactly("GET:/payments");
    assertThat(completed("token revoke ")).isEmpty();
  }

  /** Looking for routes must not make a store. */
  @Test
  void aFileThatIsNotThere() {
    Path file = home.resolve("state.json");
    assertThat(completed("disable --file " + file + " ")).isEmpty();
    assertThat(shell.sh("status --file " + file)).isEqualTo(3);
    assertThat(shell.err()).contains("there is no file " + file);
    assertThat(home).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void aScriptForEachShell(String name) {
    assertThat(shell.sh("completion " + name)).isZero();
    assertThat(shell.out()).contains("__complete -- ").startsWith("#");
    assertThat(shell.sh("completion --help")).isZero();
    assertThat(shell.out()).contains("completion " + name + " ");
  }

  @Test
  void anotherShell() {
    assertThat(shell.sh("completion tcsh")).isEqualTo(2);
    assertThat(shell.err()).contains("'tcsh' is not allowed, must be bash, zsh or fish");
  }
}
