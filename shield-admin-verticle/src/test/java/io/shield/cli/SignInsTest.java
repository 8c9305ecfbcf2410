package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.admin.RunningAdmin;
import io.shield.cli.config.ConfigFile;
import io.shield.cli.config.SignIn;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is signed in where, when one file keeps it for several servers. */
class SignInsTest {
  @TempDir Path home;

  private RunningAdmin admin;
  private String one;
  private String other;
  private Shell shell;

  /** A server with two addresses is two servers to the command. */
  @BeforeEach
  void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    one = admin.url("");
    other = one.replace("localhost", "127.0.0.1");
    shell = new Shell(home).typing(RunningAdmin.PASSWORD + "\n");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private void sh(String line) {
    assertThat(shell.sh(line)).as("%s: %s", line, shell.err()).isZero();
  }

  private JsonObject shown(String url) {
    sh("config show -o json --server-url " + url);
    return shell.json();
  }

  @Test
  void oneIsKeptForEachAddress() {
    sh("config set-url " + one);
    sh("login admin --password-stdin");
    assertThat(shell.out()).contains(one, "context default");
    shell.set("SHIELD_SERVER_URL", other);
    sh("login viewer --password-stdin");
    assertThat(shell.out()).contains(other, "environment SHIELD_SERVER_URL");
    assertThat(shown(one).getString("username")).isEqualTo("admin");
    assertThat(shown(one).getJsonArray("also_signed_in")).containsExactly("viewer at " + other);
    assertThat(shown(other).getString("username")).isEqualTo("viewer");
    sh("status");
    sh("config contexts");
    assertThat(shell.out()).containsPattern(one + " +admin");
    sh("logout");
    assertThat(shell.out()).contains(other);
    assertThat(shell.err()).contains("still signed in: admin at " + one);
    assertThat(shown(other).getBoolean("signed_in")).isFalse();
    assertThat(shown(one).getString("username")).isEqualTo("admin");
    sh("status --server-url " + one);
    assertThat(shell.sh("status")).isEqualTo(4);
    sh("logout");
    assertThat(shell.err()).contains("nobody was signed in at " + other, "admin at " + one);
  }

  /** The file of the original has no server beside its token. */
  @Test
  void aTokenStaysWithItsServerWhenTheContextGetsAnother() throws IOException {
    Files.createDirectory(home.resolve(".shield"));
    Path file = home.resolve(".shield/config.json");
    Files.writeString(
        file,
        """
        {"server_url": "http://old:8000/shield", "auth": {"token": "t", "username": "ann"}}
        """);
    sh("config set-url " + one);
    assertThat(shown(one).getBoolean("signed_in")).isFalse();
    sh("login admin --password-stdin");
    ConfigFile config = ConfigFile.read(home);
    assertThat(config.signIn("default", "http://old:8000/shield"))
        .isEqualTo(new SignIn("t", "ann", null, "http://old:8000/shield"));
    assertThat(new JsonObject(Files.readString(file)).getJsonObject("auth").getString("username"))
        .as("the context's own is where the original keeps its only one")
        .isEqualTo("admin");
  }

  @Test
  void aContextThatIsDeletedTakesAllAlong() throws IOException {
    sh("login admin --password-stdin --server-url " + one);
    sh("login viewer --password-stdin --server-url " + other);
    sh("config delete-context default");
    assertThat(Files.readString(home.resolve(".shield/config.json"))).doesNotContain("token");
  }
}
