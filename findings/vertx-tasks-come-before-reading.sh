#!/bin/sh
# vertx-core 5.0.10 and 5.1.6: tasks that hand on the next come before what is there to read, for a second.
#
# Guess, written down before it was run: large work that is done in pieces, each of which hands on the next by
#   runOnContext, leaves the event loop to its connections in between: after each piece, or after some, it reads.
# Seen: as long as there is a task, the loop runs tasks and reads nothing, for up to a second (Netty 4.2 looks at the
#   clock at every 64th; io.netty.eventLoop.maxTaskProcessingQuantumMs). Pieces that a timer of 1 ms hands on do leave
#   it: what there is to read is read after the first.
# What it means: to cut work into pieces by runOnContext spares nobody who waits on the same loop. A timer, or a task
#   that is scheduled with the event loop for now, does.
#
# Needs a JDK, 17 or later, and Maven, 3.8 or later. Takes about 20 seconds. Exit code: 0 as seen, 1 it has changed, 77 it cannot be run here.
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
import java.net.Socket;
import java.util.concurrent.*;

public class Seen {
  static int pieces;
  static final CompletableFuture<Integer> read = new CompletableFuture<>();

  public static void main(String[] args) throws Exception {
    boolean timers = args[0].equals("timers");
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    int port =
        vertx
            .createNetServer()
            .connectHandler(
                socket -> {
                  socket.handler(data -> read.complete(pieces));
                  socket.write("!");
                })
            .listen(0, "localhost")
            .toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS)
            .actualPort();
    Socket client = new Socket("localhost", port);
    client.getInputStream().read();
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        v -> {
          try {
            client.getOutputStream().write('?');
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          piece(context, timers);
        });
    int before = read.get(60, TimeUnit.SECONDS);
    System.out.println(args[0] + ", more than 100 pieces before anything is read: " + (before > 100));
    System.exit(0);
  }

  static void piece(Context context, boolean timers) {
    pieces++;
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (!read.isDone()) {
      if (timers) {
        context.owner().setTimer(1, id -> piece(context, timers));
      } else {
        context.runOnContext(v -> piece(context, timers));
      }
    }
  }
}
EOF
cat > "$dir/expected" << 'EOF'
tasks, more than 100 pieces before anything is read: true
timers, more than 100 pieces before anything is read: false
EOF
for version in 5.0.10 5.1.6; do
  cat > "$dir/pom.xml" << EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>seen</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.vertx</groupId><artifactId>vertx-core</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
EOF
  if ! mvn -q -B -ntp -f "$dir/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DoutputDirectory="$dir/lib-$version" > "$dir/log" 2>&1; then
    tail -n 5 "$dir/log" >&2
    echo "the packages cannot be fetched" >&2
    exit 77
  fi
  : > "$dir/actual"
  for by in tasks timers; do
    java -cp "$dir/lib-$version/*" "$dir/Seen.java" $by >> "$dir/actual" 2> "$dir/log" || { cat "$dir/actual"; tail -n 20 "$dir/log" >&2; exit 1; }
  done
  echo "version $version"
  cat "$dir/actual"
  if ! diff "$dir/expected" "$dir/actual" > "$dir/difference"; then
    echo "it has changed:" >&2
    cat "$dir/difference" >&2
    exit 1
  fi
done
echo "as seen before"
