package io.shield.backend.redis;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis server on loopback, with an append-only file in a directory of its own, written
 * before anything is confirmed. It can be killed, stopped and started again on the same port with
 * the same data. The executable is the one on the {@code PATH}, else one from the class path. Not
 * thread-safe.
 */
public final class RedisProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static @Nullable Path executable;

  private final int port;
  private final Path directory;
  private final List<String> options;
  private @Nullable Process process;

  private RedisProcess(int port, Path directory, List<String> options) {
    this.port = port;
    this.directory = directory;
    this.options = options;
  }

  /**
   * Starts a server on a free port.
   *
   * @param directory where it keeps its data and its log
   * @param options further options as in a configuration file, {@code "--requirepass", "x"}
   */
  public static RedisProcess start(Path directory, String... options) throws Exception {
    return startOn(freePort(), directory, options);
  }

  /** Starts a server on the given port. */
  public static RedisProcess startOn(int port, Path directory, String... options) throws Exception {
    RedisProcess redis = new RedisProcess(port, directory, List.of(options));
    redis.restart();
    return redis;
  }

  /** Starts a sentinel that watches one master, called mymaster, and decides alone. */
  public static RedisProcess startSentinel(Path directory, RedisProcess master) throws Exception {
    int port = freePort();
    Path file = directory.resolve("sentinel.conf");
    Files.writeString(
        file,
        """
        port %d
        bind 127.0.0.1
        dir %s
        sentinel monitor mymaster 127.0.0.1 %d 1
        sentinel down-after-milliseconds mymaster 300
        sentinel failover-timeout mymaster 3000
        """
            .formatted(port, directory, master.port()));
    RedisProcess sentinel =
        new RedisProcess(port, directory, List.of(file.toString(), "--sentinel"));
    sentinel.launch(sentinel.options);
    return sentinel;
  }

  /** A port on loopback that is free now. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The port. */
  public int port() {
    return port;
  }

  /** The URL of its database 0. */
  public String url() {
    return "redis://127.0.0.1:" + port + "/0";
  }

  /** Starts it again after {@link #kill}, with the data it had, and waits until it serves. */
  public void restart() throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
    command.addAll(List.of("--save", "", "--dir", directory.toString()));
    command.addAll(options);
    launch(command);
  }

  private void launch(List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(executable().toString());
    command.addAll(arguments);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve("redis.log").toFile()))
            .start();
    await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(this::serves);
  }

  /** Whether it answers, be it with a demand for a password. */
  private boolean serves() throws IOException {
    if (process == null || !process.isAlive()) {
      throw new IOException("redis ended: " + Files.readString(directory.resolve("redis.log")));
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(1000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[7];
      int length = socket.getInputStream().readNBytes(answer, 0, answer.length);
      String text = new String(answer, 0, length, StandardCharsets.US_ASCII);
      return text.startsWith("+PONG") || text.startsWith("-NOAUTH");
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Whether it was not killed. */
  public boolean isRunning() {
    return process != null;
  }

  /** Kills it (SIGKILL) and waits until it is gone. */
  public void kill() {
    Process running = process;
    process = null;
    if (running != null) {
      running.destroyForcibly().onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  /** Halts it (SIGSTOP): connections stay open, nothing is answered. */
  public void halt() throws Exception {
    signal("-STOP");
  }

  /** Lets a halted one go on (SIGCONT). */
  public void resume() throws Exception {
    signal("-CONT");
  }

  private void signal(String name) throws Exception {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("redis does not run");
    }
    Process kill = new ProcessBuilder("kill", name, Long.toString(running.pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill " + name + " failed");
    }
  }

  @Override
  public void close() {
    kill();
  }

  private static synchronized Path executable() throws IOException {
    if (executable == null) {
      executable = onPath();
    }
    if (executable == null) {
      executable = unpacked();
    }
    return executable;
  }

  private static @Nullable Path onPath() {
    String path = System.getenv("PATH");
    for (String directory : path == null ? new String[0] : path.split(":")) {
      Path candidate = Path.of(directory, "redis-server");
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static Path unpacked() throws IOException {
    Path file = Files.createTempFile("redis-server", "");
    file.toFile().deleteOnExit();
    String packed = packed();
    try (InputStream in = RedisProcess.class.getResourceAsStream(packed)) {
      if (in == null) {
        throw new IOException("no redis-server on the PATH, and none on the class path: " + packed);
      }
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
    return file;
  }

  private static String packed() {
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    if (System.getProperty("os.name").startsWith("Mac")) {
      return "/redis-server-6.2.6-v5-darwin-" + (arm ? "arm64" : "amd64");
    }
    return arm ? "/redis-server-6.2.7-linux-arm64" : "/redis-server-6.2.6-v5-linux-amd64";
  }
}
