package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.cli.Main;
import io.shield.fixtures.JavaCommand;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code shield serve} in a process of its own, always on the same port, that can be killed. */
final class ServerProcess implements AutoCloseable {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final int port;
  private final Path directory;
  private final List<String> options;
  private Process process;

  private ServerProcess(int port, Path directory, List<String> options) {
    this.port = port;
    this.directory = directory;
    this.options = options;
  }

  /** Starts one, and waits until it serves. */
  static ServerProcess start(int port, Path directory, String... options) throws IOException {
    ServerProcess server = new ServerProcess(port, directory, List.of(options));
    server.restart();
    return server;
  }

  String url() {
    return "http://localhost:" + port;
  }

  /** Starts it again after {@link #kill}, and waits until it serves. */
  void restart() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("serve", "--port", Integer.toString(port)));
    arguments.addAll(options);
    Path log = directory.resolve("server-" + port + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(JavaCommand.of(Main.class, arguments.toArray(String[]::new)))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("SHIELD_"));
    process = builder.start();
    await().atMost(Duration.ofSeconds(60)).until(this::serves);
  }

  private boolean serves() throws Exception {
    assertThat(process.isAlive()).as("the server runs").isTrue();
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/health/ready")).build();
      return CLIENT.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Makes a change as an operator does. */
  void post(String target, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + target))
            .timeout(Duration.ofMinutes(1))
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** SIGKILL. */
  void kill() {
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
