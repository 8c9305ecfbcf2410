#!/bin/sh
# Lettuce 6.8.1, Jedis 7.5.3, vertx-redis-client 5.0.10: what becomes of an INCR whose answer is lost.
#
# Guess, written down before it was run: the connection breaks after Redis took the command and before its answer
#   arrives: all three fail with an error, since nobody can know whether it was done.
# Seen: Jedis and Vert.x fail, the counter is 1. Lettuce connects again, sends the command once more, and answers 2
#   as if nothing had been: a counter, or a script that charges, counts one request twice.
# What it means: a limiter on Lettuce in its default settings counts too much when connections break. Shield asks by
#   the Vert.x client, takes what was not answered as possibly counted, and gives nothing back for it
#   (docs/rate-limits.md); a change carries a request id that the script accepts once (docs/consistency.md).
#
# Needs a JDK, 17 or later, and Maven, 3.8 or later. Takes about 30 seconds. Exit code: 0 as seen, 1 it has changed, 77 it cannot be run here.
set -eu
export LC_ALL=C
if ! command -v mvn > /dev/null || ! java --list-modules 2> /dev/null | grep -q '^jdk[.]compiler@\(1[7-9]\|[2-9]\)'; then
  echo "needs a JDK, 17 or later, and Maven, 3.8 or later" >&2
  exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cat > "$dir/Seen.java" << 'EOF'
import io.lettuce.core.RedisClient;
import io.vertx.core.Vertx;
import io.vertx.redis.client.*;
import java.io.*;
import java.net.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicBoolean;
import redis.clients.jedis.*;
import redis.embedded.RedisServer;

public class Seen {
  /** Whether the next answer that is a number is lost with its connection. */
  static final AtomicBoolean LOSE = new AtomicBoolean();

  public static void main(String[] args) throws Exception {
    RedisServer server = RedisServer.newRedisServer().port(freePort()).setting("bind 127.0.0.1").setting("save \"\"").build();
    server.start();
    try (ServerSocket front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Jedis look = new Jedis("127.0.0.1", server.ports().get(0))) {
      start(() -> accept(front, server.ports().get(0)));
      String url = "redis://127.0.0.1:" + front.getLocalPort();

      RedisClient lettuce = RedisClient.create(url);
      var commands = lettuce.connect().sync();
      commands.get("x");
      told("lettuce", look, () -> commands.incr("lettuce"));

      JedisPooled jedis = new JedisPooled(url);
      jedis.get("x");
      told("jedis", look, () -> jedis.incr("jedis"));

      Vertx vertx = Vertx.vertx();
      RedisAPI api = RedisAPI.api(Redis.createClient(vertx, url));
      api.get("x").toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
      told("vertx", look, () -> api.incr("vertx").toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS));
    } finally {
      server.stop();
    }
    System.exit(0);
  }

  private static void told(String key, Jedis look, Callable<?> increment) {
    LOSE.set(true);
    String answer;
    try {
      answer = "answered " + increment.call();
    } catch (Exception e) {
      answer = "failed";
    }
    System.out.println(key + ": " + answer + ", the counter is " + look.get(key) + ", the answer was lost: " + !LOSE.getAndSet(false));
  }

  private static void accept(ServerSocket front, int port) throws IOException {
    while (true) {
      Socket client = front.accept();
      Socket redis = new Socket("127.0.0.1", port);
      start(() -> copy(client, redis, false));
      start(() -> copy(redis, client, true));
    }
  }

  private static void copy(Socket from, Socket to, boolean isAnswer) throws IOException {
    try (from; to) {
      byte[] part = new byte[65536];
      for (int n; (n = from.getInputStream().read(part)) > 0; ) {
        if (isAnswer && part[0] == ':' && LOSE.compareAndSet(true, false)) {
          return;
        }
        to.getOutputStream().write(part, 0, n);
      }
    }
  }

  private interface Job {
    void run() throws IOException;
  }

  private static void start(Job job) {
    Thread thread =
        new Thread(
            () -> {
              try {
                job.run();
              } catch (IOException e) {
                // One of the two ends is gone.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
EOF
cat > "$dir/expected" << 'EOF'
lettuce: answered 2, the counter is 2, the answer was lost: true
jedis: failed, the counter is 1, the answer was lost: true
vertx: failed, the counter is 1, the answer was lost: true
EOF
cat > "$dir/pom.xml" << EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>seen</artifactId><version>1</version>
  <dependencyManagement><dependencies>
    <dependency><groupId>io.netty</groupId><artifactId>netty-bom</artifactId><version>4.2.15.Final</version><type>pom</type><scope>import</scope></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>io.lettuce</groupId><artifactId>lettuce-core</artifactId><version>6.8.1.RELEASE</version></dependency>
    <dependency><groupId>redis.clients</groupId><artifactId>jedis</artifactId><version>7.5.3</version></dependency>
    <dependency><groupId>io.vertx</groupId><artifactId>vertx-redis-client</artifactId><version>5.0.10</version></dependency>
    <dependency><groupId>com.github.codemonstur</groupId><artifactId>embedded-redis</artifactId><version>1.4.3</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
EOF
if ! mvn -q -B -ntp -f "$dir/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
  -DoutputDirectory="$dir/lib" > "$dir/log" 2>&1; then
  tail -n 5 "$dir/log" >&2
  echo "the packages cannot be fetched" >&2
  exit 77
fi
java -cp "$dir/lib/*" "$dir/Seen.java" > "$dir/actual" 2> "$dir/log" || { cat "$dir/actual"; tail -n 20 "$dir/log" >&2; exit 1; }
cat "$dir/actual"
if ! diff "$dir/expected" "$dir/actual" > "$dir/difference"; then
  echo "it has changed:" >&2
  cat "$dir/difference" >&2
  exit 1
fi
echo "as seen before"
