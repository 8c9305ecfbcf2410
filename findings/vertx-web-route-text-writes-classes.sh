#!/bin/sh
# vertx-web 5.0.10 and 5.1.6: the first text of a route makes Java write more than 50 classes.
#
# Guess, written down before it was run: Route.toString() puts some twenty fields together, which takes microseconds
#   and, the first time, a class or two: javac writes one instruction for it.
# Seen: more than 50 classes, none the second time. That one instruction (invokedynamic, makeConcatWithConstants) has
#   21 parts, and for each Java links method handles whose forms are classes that it spins one after the other: some 30
#   ms of processor time on a machine on which all of a Vert.x server's start takes a second. A text of three parts
#   that a StringBuilder puts together costs no class at all.
# What it means: a start that logs or reads one route pays for it. Who reads routers does so where nobody waits, and
#   writes texts of many parts with a StringBuilder where they are written once.
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
import io.vertx.core.Vertx;
import io.vertx.ext.web.*;
import java.lang.management.*;

public class Seen {
  private static final ClassLoadingMXBean CLASSES = ManagementFactory.getClassLoadingMXBean();

  public static void main(String[] args) {
    Route route = Router.router(Vertx.vertx()).get("/a").handler(RoutingContext::end);
    // What joining texts needs at all is there before anything is counted.
    String warm = "a" + args.length + "b" + route.getPath() + "c";
    long begin = CLASSES.getTotalLoadedClassCount();
    String built = new StringBuilder("a").append(args.length).append(route.getPath()).toString();
    long between = CLASSES.getTotalLoadedClassCount();
    String first = route.toString();
    long middle = CLASSES.getTotalLoadedClassCount();
    String second = route.toString();
    long end = CLASSES.getTotalLoadedClassCount();
    System.out.println("a StringBuilder: " + (between - begin) + " classes");
    System.out.println("the first text, more than 50 classes: " + (middle - between > 50));
    System.out.println("the second text: " + (end - middle) + " classes");
    System.err.println(warm.length() + built.length() + first.length() + second.length() + ", " + (middle - between));
    System.exit(0);
  }
}
EOF
cat > "$dir/expected" << 'EOF'
a StringBuilder: 0 classes
the first text, more than 50 classes: true
the second text: 0 classes
EOF
for version in 5.0.10 5.1.6; do
  cat > "$dir/pom.xml" << EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>seen</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.vertx</groupId><artifactId>vertx-web</artifactId><version>$version</version></dependency>
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
