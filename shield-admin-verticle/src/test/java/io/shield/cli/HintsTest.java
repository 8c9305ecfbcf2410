package io.shield.cli;

import static io.shield.admin.RunningAdmin.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.admin.RunningAdmin;
import io.shield.cli.config.ConfigFile;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody is told who gave the wrong thing: which, from where, and what to do next. */
class HintsTest {
  @TempDir Path home;

  private RunningAdmin admin;
  private Shell shell;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    shell = new Shell(home).set("SHIELD_SERVER_URL", admin.url(""));
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @Test
  void aTokenThatTheServerDoesNotTake() {
    shell.set("SHIELD_TOKEN", "not-a-token-of-this-server");
    assertThat(shell.sh("status")).isEqualTo(4);
    assertThat(shell.err())
        .contains(
            admin.url("") + " does not take the token of SHIELD_TOKEN",
            "unset it",
            "the environment SHIELD_SERVER_URL")
        .doesNotContain("not-a-token");
    shell.set("SHIELD_TOKEN", admin.token("viewer"));
    assertThat(shell.sh("global disable")).isEqualTo(4);
    assertThat(shell.err()).contains("SHIELD_TOKEN").doesNotContain("shield login");
  }

  @Test
  void aSignInThatHasEnded() {
    shell.set("SHIELD_PASSWORD", RunningAdmin.PASSWORD);
    assertThat(shell.sh("status")).isEqualTo(4);
    assertThat(shell.err())
        .contains("not signed in at " + admin.url(""), "shield login USER", "SHIELD_SERVER_URL");
    assertThat(shell.sh("login viewer")).as(shell.err()).isZero();
    String kept = ConfigFile.read(home).signIn("default", admin.url("")).token();
    admin.signOut(kept);
    assertThat(shell.sh("status")).isEqualTo(4);
    assertThat(shell.err())
        .contains("the sign-in of viewer at " + admin.url(""), "'shield login viewer'")
        .doesNotContain("SHIELD_TOKEN");
  }

  @Test
  void aPasswordThatTheServerDoesNotTake() {
    shell.set("SHIELD_PASSWORD", "wrong");
    assertThat(shell.sh("login admin")).isEqualTo(4);
    assertThat(shell.err())
        .contains(
            "Invalid credentials",
            admin.url("") + " does not take 'admin' with this password",
            "SHIELD_PASSWORD",
            "SHIELD_SERVER_URL")
        .doesNotContain("SHIELD_TOKEN", "wrong");
    shell.typing("wrong\n");
    assertThat(shell.sh("login admin --password-stdin")).isEqualTo(4);
    assertThat(shell.err()).contains("the password is that of standard input");
  }

  @Test
  void whatSpeaksNoTls() {
    String url = admin.url("").replace("http:", "https:");
    assertThat(shell.sh("status --server-url " + url)).isEqualTo(6);
    assertThat(shell.err())
        .contains(url + " does not speak TLS", "http://", "--server-url")
        .doesNotContain("--ca-file");
  }

  @Test
  void aRouteThatNobodyKnows() {
    admin.register("GET:/payments", "POST:/payments");
    shell.set("SHIELD_TOKEN", admin.token("admin"));
    assertThat(shell.sh("rl set GET:/paymets 5/minute")).isEqualTo(3);
    assertThat(shell.err())
        .contains("Route 'GET:/paymets' is not registered. Did you mean GET:/payments");
    assertThat(shell.sh("rl set /paymets 5/minute")).isEqualTo(3);
    assertThat(shell.err()).contains("Route '/paymets'", "GET:/payments, POST:/payments");
  }

  /** An application's own answer to what it does not know. */
  @Test
  void anAddressWithoutThePrefix() {
    Router router = Router.router(admin.vertx);
    router.get("/api/version").handler(ctx -> ctx.end("<html>"));
    HttpServer server =
        await(admin.vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
    String url = "http://localhost:" + server.actualPort();
    assertThat(shell.sh("status --server-url " + url)).isEqualTo(1);
    assertThat(shell.err())
        .contains(
            "below a prefix, as in " + url + "/shield", "the address is that of --server-url");
    assertThat(shell.sh("status --server-url " + url + "/wrong")).isEqualTo(1);
    assertThat(shell.err())
        .contains("is the address with its prefix right", "--server-url")
        .doesNotContain("/wrong/shield");
    shell.sh("version --server-url " + url);
    assertThat(shell.err()).contains("does not answer in JSON");
    await(server.close());
  }
}
