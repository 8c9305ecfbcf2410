#!/bin/sh
# vertx-redis-client 5.0.10 on Redis 6.2: a connection goes back to the pool with the transaction that was begun on it.
#
# Guess, written down before it was run: close() of a pooled connection with an open MULTI or a WATCH either undoes
#   them or ends the connection, as it does after SELECT.
# Seen: after SELECT the connection is not used again, after MULTI and WATCH it is: the next user of the pool, who
#   knows of no transaction, is answered QUEUED, what he writes is not written, and the EXEC of a later transaction
#   fails because of a key that somebody else once watched.
# What it means: what stands between MULTI and EXEC must send DISCARD when it fails, and UNWATCH likewise; or use a
#   script. Shield changes its state by one Lua script each (docs/redis-backend.md) and uses neither.
#
# Needs a JDK, 17 or later, and Maven, 3.8 or later. Takes about 25 seconds. Exit code: 0 as seen, 1 it has changed, 77 it cannot be run here.
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
import io.vertx.core.*;
import io.vertx.redis.client.*;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.embedded.RedisServer;

public class Seen {
  public static void main(String[] args) throws Exception {
    RedisServer server = RedisServer.newRedisServer().port(freePort()).setting("bind 127.0.0.1").setting("save \"\"").build();
    server.start();
    Vertx vertx = Vertx.vertx();
    try {
      RedisOptions options = new RedisOptions().setConnectionString("redis://127.0.0.1:" + server.ports().get(0)).setMaxPoolSize(1);
      after(vertx, options, Command.SELECT, "3");
      after(vertx, options, Command.MULTI);
      Redis pool = Redis.createClient(vertx, options);
      use(pool, Command.WATCH, "key");
      await(pool.send(Request.cmd(Command.SET).arg("key").arg("changed")));
      RedisConnection other = await(pool.connect());
      await(other.send(Request.cmd(Command.MULTI)));
      await(other.send(Request.cmd(Command.SET).arg("another").arg("1")));
      System.out.println("a transaction after somebody's WATCH: EXEC says " + await(other.send(Request.cmd(Command.EXEC))));
      pool.close();
    } finally {
      await(vertx.close());
      server.stop();
    }
  }

  private static void after(Vertx vertx, RedisOptions options, Command command, String... args) throws Exception {
    Redis pool = Redis.createClient(vertx, options);
    use(pool, command, args);
    System.out.println(
        "after " + command + ": SET says " + await(pool.send(Request.cmd(Command.SET).arg("key").arg("value"))) + ", GET says " + await(pool.send(Request.cmd(Command.GET).arg("key"))));
    pool.close();
  }

  private static void use(Redis pool, Command command, String... args) throws Exception {
    RedisConnection connection = await(pool.connect());
    Request request = Request.cmd(command);
    List.of(args).forEach(request::arg);
    await(connection.send(request));
    await(connection.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
EOF
cat > "$dir/expected" << 'EOF'
after select: SET says OK, GET says value
after multi: SET says QUEUED, GET says QUEUED
a transaction after somebody's WATCH: EXEC says null
EOF
cat > "$dir/pom.xml" << EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>seen</artifactId><version>1</version>
  <dependencyManagement><dependencies>
    <dependency><groupId>io.netty</groupId><artifactId>netty-bom</artifactId><version>4.2.15.Final</version><type>pom</type><scope>import</scope></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
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
