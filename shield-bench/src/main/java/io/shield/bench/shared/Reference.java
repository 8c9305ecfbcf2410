package io.shield.bench.shared;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The script that charges, called as fast as Redis's own program can with one connection, and as
 * one plain call.
 */
final class Reference {
  private static final String SCRIPTS = "/io/shield/backend/redis/impl/";
  private static final Pattern RATE = Pattern.compile("([0-9.]+) requests per second");
  private static final String PROGRAM = "redis-benchmark";
  private static final String PLENTY = "1000000000";
  private static final String HOUR_MICROS = "3600000000";
  private static final int KEYS = 100_000;

  private final RedisConnection connection;
  private final int port;
  private final String sha1;

  Reference(Vertx vertx, String url, int port) throws Exception {
    this.port = port;
    connection = Redis.createClient(vertx, url).connect().await(10, TimeUnit.SECONDS);
    String script = resource("counters.lua") + resource("charge.lua");
    sha1 =
        connection
            .send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script))
            .await(10, TimeUnit.SECONDS)
            .toString();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Reference.class.getResourceAsStream(SCRIPTS + name)) {
      if (in == null) {
        throw new IOException("the resource " + SCRIPTS + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private List<String> call(String key) {
    return List.of(
        "EVALSHA",
        sha1,
        "2",
        "bench:generations",
        key,
        "",
        "1",
        "0",
        "GET:/bench",
        "",
        "fixed_window",
        PLENTY,
        PLENTY,
        HOUR_MICROS,
        "1",
        "0");
  }

  /** One call of the script and its answer. */
  Future<?> plainCall() {
    Request request = Request.cmd(Command.EVALSHA);
    call("bench:plain").stream().skip(1).forEach(request::arg);
    return connection.send(request);
  }

  /** The program on the PATH; null if there is none. */
  static @Nullable Path program() {
    String path = System.getenv("PATH");
    for (String directory : path == null ? new String[0] : path.split(":")) {
      Path candidate = Path.of(directory, PROGRAM);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /**
   * Calls a second, with one connection and so many calls under way.
   *
   * @param calls how many in all
   */
  double perSecond(Path program, int underWay, int calls) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("-h", "127.0.0.1", "-p", Integer.toString(port), "-q", "-c", "1"));
    command.addAll(List.of("-P", Integer.toString(underWay), "-n", Integer.toString(calls)));
    command.addAll(List.of("-r", Integer.toString(KEYS)));
    command.addAll(call("bench:__rand_int__"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher rate = RATE.matcher(out);
    if (process.waitFor() != 0 || !rate.find()) {
      throw new IOException(PROGRAM + " failed: " + out.strip());
    }
    return Double.parseDouble(rate.group(1));
  }
}
