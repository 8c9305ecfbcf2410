#!/bin/sh
# vertx-core 5.0.10 and 5.1.6: who closes a Vert.x behind a future of its own never hears that it is closed.
#
# Guess, written down before it was run: close() returns a future, so that vertx.timer(1).compose(v -> vertx.close())
#   completes when all is closed, as vertx.close() does.
# Seen: all is closed and the future is not completed: it belongs to the event loop that the first step came back on, which
#   is gone when the second one would be told there. The same behind a deployment, whether it worked or not. close() by
#   itself, from a thread that is no event loop, is heard of.
# What it means: a main that chains its end and waits for the chain never ends, after a start that failed above all. Wait for
#   the first step, or call close() where nothing of this Vert.x runs.
#
# Needs a JDK, 17 or later, and Maven, 3.8 or later. Takes about 50 seconds. Exit code: 0 as seen, 1 it has changed, 77 it cannot be run here.
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
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

public class Seen {
  private static void say(String what, Function<Vertx, Future<?>> closing) throws Exception {
    Vertx vertx = Vertx.vertx();
    CountDownLatch closed = new CountDownLatch(1);
    vertx.deployVerticle(new AbstractVerticle() {
      @Override
      public void stop() {
        closed.countDown();
      }
    }).toCompletionStage().toCompletableFuture().get();
    String heard;
    try {
      closing.apply(vertx).toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
      heard = "heard";
    } catch (TimeoutException e) {
      heard = "not heard";
    }
    System.out.println(what + ": verticles ended " + (closed.getCount() == 0) + ", " + heard);
  }

  public static void main(String[] args) throws Exception {
    say("by itself", Vertx::close);
    say("behind a timer", vertx -> vertx.timer(1).compose(v -> vertx.close()));
    say("behind a deployment", vertx -> vertx.deployVerticle(new AbstractVerticle() {}).compose(id -> vertx.close()));
    say("behind a deployment that fails", vertx -> vertx.deployVerticle(new AbstractVerticle() {
      @Override
      public void start() {
        throw new IllegalStateException("on purpose");
      }
    }).transform(failed -> vertx.close()));
    System.exit(0);
  }
}
EOF
cat > "$dir/expected" << 'EOF'
by itself: verticles ended true, heard
behind a timer: verticles ended true, not heard
behind a deployment: verticles ended true, not heard
behind a deployment that fails: verticles ended true, not heard
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
  java -cp "$dir/lib-$version/*" "$dir/Seen.java" > "$dir/actual" 2> "$dir/log" || { cat "$dir/actual"; tail -n 20 "$dir/log" >&2; exit 1; }
  echo "version $version"
  cat "$dir/actual"
  if ! diff "$dir/expected" "$dir/actual" > "$dir/difference"; then
    echo "it has changed:" >&2
    cat "$dir/difference" >&2
    exit 1
  fi
done
echo "as seen before"
