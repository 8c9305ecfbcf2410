#!/bin/sh
# vertx-core 5.0.10 and 5.1.6: a periodic timer runs all that it missed, at once.
#
# Guess, written down before it was run: while an event loop is blocked its periodic timer does not run; when it is
#   free again, the timer runs once and goes on with its period, as an interval does in JavaScript.
# Seen: every run that was missed is made up for, one directly after the other: a loop blocked for 2 s owes a timer
#   of 50 ms 40 runs, and nothing else of that loop comes between those of one turn.
# What it means: work that grows with its interval (look at a store, write a keepalive to every stream) is done many
#   times at the worst moment, after a pause of the machine or of the collector. What is asked of a store must not
#   start again while it is under way, and a keepalive is better counted from the last one.
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
import java.util.concurrent.*;

public class Seen {
  static int runs;
  static int owed;

  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    CountDownLatch over = new CountDownLatch(1);
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        start -> {
          vertx.setPeriodic(50, id -> runs++);
          vertx.setTimer(
              200,
              id -> {
                try {
                  Thread.sleep(2000);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                int before = runs;
                long free = System.nanoTime();
                // The next run that comes later than it is due tells that all is made up for.
                vertx.setTimer(
                    1,
                    next -> {
                      owed = runs - before;
                      System.out.println("more than 20 runs directly after 2 s in which it was blocked: " + (owed > 20));
                      System.out.println("more than 60: " + (owed > 60));
                      over.countDown();
                    });
              });
        });
    if (!over.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no timer ran");
    }
    System.exit(0);
  }
}
EOF
cat > "$dir/expected" << 'EOF'
more than 20 runs directly after 2 s in which it was blocked: true
more than 60: false
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
