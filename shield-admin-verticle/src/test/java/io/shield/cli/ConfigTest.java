package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.shield.cli.config.ConfigFile;
import io.shield.cli.config.SignIn;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the server's address comes from, and what is kept. */
class ConfigTest {
  private static final String MINE = "http://mine/shield";

  @TempDir Path home;

  private Shell shell;

  @BeforeEach
  void shell() {
    shell = new Shell(home);
  }

  private JsonObject shown(String options) {
    assertThat(shell.sh("config show -o json" + options)).as(shell.err()).isZero();
    return shell.json();
  }

  private void assertServer(String options, String url, String source) {
    JsonObject shown = shown(options);
    assertThat(shown.getString("server_url")).isEqualTo(url);
    assertThat(shown.getString("source")).isEqualTo(source);
  }

  @Test
  void theFirstThatSaysSomethingWins() throws IOException {
    assertServer("", "http://localhost:8080/shield", "default");
    shell.sh("config set-url http://kept:1/shield/");
    assertServer("", "http://kept:1/shield", "context default");
    shell.set("SHIELD_SERVER_URL", "http://variable:2/shield");
    assertServer("", "http://variable:2/shield", "environment SHIELD_SERVER_URL");
    shell.sh("config set-url http://prod:3/shield --context prod");
    assertServer(" --context prod", "http://prod:3/shield", "context prod");
    assertServer(" --server-url http://option:4/shield", "http://option:4/shield", "--server-url");
  }

  @Test
  void contexts() {
    shell.sh("config set-url https://prod.example.com/shield --context prod");
    assertThat(shell.sh("config use-context prod")).isZero();
    assertThat(shown("").getString("server_url")).isEqualTo("https://prod.example.com/shield");
    shell.sh("config contexts -o name");
    assertThat(shell.out().lines()).containsExactly("default", "prod");
    assertThat(shell.sh("status --context nothing")).isEqualTo(2);
    assertThat(shell.err()).contains("default, prod", "set-url");
    assertThat(shell.sh("config use-context nothing")).isEqualTo(3);
    assertThat(shell.sh("config delete-context prod")).isZero();
    assertThat(shown("").getString("context")).isEqualTo("default");
  }

  @Test
  void onlyTheOwnerReadsTheFile() throws IOException {
    assumeThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("posix");
    shell.sh("config set-url http://kept:1/shield");
    Path file = home.resolve(".shield/config.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    shell.sh("config set-url http://kept:2/shield");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void theOriginalsFileIsReadAndWhatItHasMoreIsKept() throws IOException {
    Files.createDirectory(home.resolve(".shield"));
    Path file = home.resolve(".shield/config.json");
    Files.writeString(
        file,
        """
        {"server_url": "http://old:8000/shield", "colour": "blue",
         "auth": {"token": "t", "username": "ann", "expires_at": "2099-01-01T00:00:00+00:00"}}
        """);
    JsonObject shown = shown("");
    assertThat(shown.getString("server_url")).isEqualTo("http://old:8000/shield");
    assertThat(shown.getString("username")).isEqualTo("ann");
    shell.sh("config set-url http://prod/shield --context prod");
    JsonObject kept = new JsonObject(Files.readString(file));
    assertThat(kept.getString("colour")).isEqualTo("blue");
    assertThat(kept.getJsonObject("auth").getString("token")).isEqualTo("t");
  }

  @Test
  void aTokenGoesToNoOtherServer() {
    ConfigFile config = ConfigFile.read(home);
    Instant later = Instant.parse("2099-01-01T00:00:00Z");
    config.setServer("default", "http://mine/shield", null);
    config.keep("default", new SignIn("t", "ann", later, MINE));
    assertThat(shown("").getBoolean("signed_in")).isTrue();
    assertThat(shown(" --server-url http://other/shield").getBoolean("signed_in")).isFalse();
    shell.set("SHIELD_SERVER_URL", "http://mine/shield/");
    assertThat(shown("").getBoolean("signed_in")).as("the same server").isTrue();
  }

  @Test
  void anEndedSignInIsNone() {
    ConfigFile config = ConfigFile.read(home);
    Instant before = Instant.parse("2020-01-01T00:00:00Z");
    String url = "http://localhost:8080/shield";
    config.keep("default", new SignIn("t", "ann", before, url));
    assertThat(shown("").getBoolean("signed_in")).isFalse();
    shell.set("SHIELD_TOKEN", "given");
    assertThat(shown("").getBoolean("signed_in")).isTrue();
    assertThat(shell.out()).doesNotContain("given");
  }

  @Test
  void aBrokenFileIsNotOverwritten() throws IOException {
    Files.createDirectory(home.resolve(".shield"));
    Path file = home.resolve(".shield/config.json");
    Files.writeString(file, "{\"server_url\": ");
    assertThat(shell.sh("config set-url http://kept:1/shield")).isEqualTo(2);
    assertThat(shell.err()).contains(file.toString());
    assertThat(Files.readString(file)).isEqualTo("{\"server_url\": ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:8080",
        "ftp://host/shield",
        "http://",
        "http://user:pass@host/shield",
        "http://host/?x=1",
        "http://ho st/",
        "http://host:65536/"
      })
  void whatIsNoAddress(String url) {
    assertThat(shell.run("config", "set-url", url)).isEqualTo(2);
    assertThat(shell.err()).contains("http://localhost:8080/shield");
    assertThat(home.resolve(".shield")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"contexts\": []}",
        "{\"contexts\": {\"a\": 1}}",
        "{\"server_url\": 8080}",
        "{\"auth\": \"t\"}",
        "{\"current_context\": \"gone\"}"
      })
  void aFileOfAnotherFormIsNotOverwritten(String content) throws IOException {
    Files.createDirectory(home.resolve(".shield"));
    Path file = home.resolve(".shield/config.json");
    Files.writeString(file, content);
    assertThat(shell.sh("config set-url http://kept:1/shield --context default")).isEqualTo(2);
    assertThat(shell.err()).contains(file.toString());
    assertThat(Files.readString(file)).isEqualTo(content);
  }

  @Test
  void aFileThatOthersCanReadIsHidden() throws IOException {
    assumeThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("posix");
    Files.createDirectory(home.resolve(".shield"));
    Path file = Files.writeString(home.resolve(".shield/config.json"), "{}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(shell.sh("config show")).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aTokenThatIsNoneIsNotTold() {
    assertThat(shell.set("SHIELD_TOKEN", "secret\nvalue").sh("status")).isEqualTo(2);
    assertThat(shell.err()).contains("SHIELD_TOKEN").doesNotContain("secret");
  }

  @Test
  void leavingOneServerKeepsTheSignInOfAnother() {
    ConfigFile config = ConfigFile.read(home);
    Instant later = Instant.parse("2099-01-01T00:00:00Z");
    config.keep("default", new SignIn("t", "ann", later, MINE));
    assertThat(shell.sh("logout --server-url http://localhost:1/shield")).isZero();
    assertThat(ConfigFile.read(home).signIn("default", MINE)).isNotNull();
  }

  @Test
  void whatAnotherCommandWroteMeanwhileStays() {
    ConfigFile one = ConfigFile.read(home);
    ConfigFile other = ConfigFile.read(home);
    one.setServer("a", "http://a/shield", null);
    other.setServer("b", "http://b/shield", null);
    assertThat(ConfigFile.read(home).contexts()).containsExactly("default", "a", "b");
  }

  /** A draft holds the tokens, those too that were given back since. */
  @Test
  void whatAKilledCommandLeftGoesWithTheNextChange() throws IOException {
    shell.sh("config set-url http://kept:1/shield");
    Path file = home.resolve(".shield/config.json");
    Path left = Files.writeString(Path.of(file + ".tmp"), "{\"auth\":{\"token\":\"t\"}");
    assertThat(shell.sh("config set-url http://kept:2/shield")).as(shell.err()).isZero();
    assertThat(left).doesNotExist();
    assertServer("", "http://kept:2/shield", "context default");
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactlyInAnyOrder(file, file.resolveSibling("config.lock"));
    }
  }

  /** The directory of the file that it leads to may not be mounted yet, or be new. */
  @Test
  void aLinkToAFileThatIsYetToBeMade() throws IOException {
    Path link = Files.createDirectory(home.resolve(".shield")).resolve("config.json");
    Path kept = Files.createDirectory(home.resolve("dotfiles")).resolve("shield.json");
    Files.createSymbolicLink(link, Path.of("../dotfiles/shield.json"));
    assertThat(shell.sh("config set-url http://kept:1/shield")).as(shell.err()).isZero();
    assertThat(link).isSymbolicLink();
    assertThat(Files.readString(kept)).contains("http://kept:1/shield");
  }

  @Test
  void whatCannotBeLookedUpIsNotTakenForAbsent() throws IOException {
    Path link = Files.createDirectory(home.resolve(".shield")).resolve("config.json");
    Files.createSymbolicLink(link, link);
    assertThat(shell.sh("config show")).isEqualTo(2);
    assertThat(shell.err()).contains(link.toString());
    assertThat(shell.sh("config set-url http://kept:1/shield")).isEqualTo(2);
    assertThat(link).isSymbolicLink();
  }

  /** Settings of processes that are started at home are kept in a file of that name. */
  @Test
  void aFileInThePlaceOfTheDirectory() throws IOException {
    Path file = Files.writeString(home.resolve(".shield"), "SHIELD_ENV=dev\n");
    assertServer("", "http://localhost:8080/shield", "default");
    assertThat(shell.sh("config set-url http://kept:1/shield")).isEqualTo(1);
    assertThat(shell.err()).contains(file.toString(), "not a directory");
  }

  /** It may be mounted, as a secret of a container is, or belong to somebody else. */
  @Test
  void aFileThatCannotBeHiddenIsReadAllTheSame() throws Exception {
    Path file = Files.createDirectory(home.resolve(".shield")).resolve("config.json");
    Files.writeString(file, "{\"server_url\": \"http://kept:1/shield\"}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assumeThat(attribute("+i", file)).as("only a superuser makes a file immutable").isTrue();
    try {
      assertServer("", "http://kept:1/shield", "context default");
    } finally {
      attribute("-i", file);
    }
  }

  private static boolean attribute(String change, Path file) throws Exception {
    try {
      return new ProcessBuilder("chattr", change, file.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException none) {
      return false;
    }
  }

  /** Headers alone are no answer. */
  @Test
  @Timeout(60)
  void anAnswerThatDoesNotEnd() throws Exception {
    try (ServerSocket stuck = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Socket> answering =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  Socket socket = stuck.accept();
                  String head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[";
                  socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                  return socket;
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      String url = "http://localhost:" + stuck.getLocalPort();
      assertThat(shell.sh("status --timeout 500ms --server-url " + url)).isEqualTo(6);
      assertThat(shell.err()).contains("did not answer within 500 ms");
      answering.join().close();
    }
  }

  @Test
  void nobodyListens() {
    assertThat(shell.sh("status --server-url http://localhost:1/shield -o json")).isEqualTo(6);
    JsonObject error = new JsonObject(shell.err());
    assertThat(error.getString("code")).isEqualTo("unreachable");
    assertThat(error.getInteger("exit_code")).isEqualTo(6);
    assertThat(error.getString("hint")).isNotEmpty();
    assertThat(shell.out()).isEmpty();
  }

  @Test
  void theService() {
    assertThat(shell.sh("current-service -o json")).isZero();
    assertThat(shell.json().getString("service")).isNull();
    assertThat(shell.err()).contains("SHIELD_SERVICE");
    shell.set("SHIELD_SERVICE", "billing");
    shell.sh("current-service -o name");
    assertThat(shell.out().strip()).isEqualTo("billing");
  }
}
