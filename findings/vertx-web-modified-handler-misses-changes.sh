#!/bin/sh
# vertx-web 5.0.10 and 5.1.6: what Router.modifiedHandler is told of.
#
# Guess, written down before it was run: a handler for when "routes are changed" is told when a route is added,
#   gets a method, a path, metadata or a sub-router, is disabled or enabled, is removed, and when the router is
#   cleared.
# Seen: it is told when a route is added, which happens with its first handler, and when one is removed. Of methods,
#   paths and metadata that a route gets later, of disable and enable, and of clear it is told nothing, though
#   requests are routed by them from then on; of a sub-router it is told before the route shows it.
# What it means: who keeps something that was read of a router compares routes with it too. Shield does for each
#   request with the route that it found, and every second with others (io.shield.web.index.LiveRouteIndex).
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
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;

public class Seen {
  static int told;
  static String shown;

  static void step(String name, Runnable change) {
    told = 0;
    change.run();
    System.out.println(name + ": " + (told == 0 ? "not told" : "told"));
  }

  public static void main(String[] args) {
    Vertx vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    router.modifiedHandler(r -> {
      told++;
      shown = r.getRoutes().stream().map(route -> String.valueOf(route.getSubRouter() != null)).toList().toString();
    });
    Route[] route = new Route[1];
    step("a path alone", () -> route[0] = router.route("/a"));
    step("its first handler", () -> route[0].handler(ctx -> ctx.end()));
    step("a second handler", () -> route[0].handler(ctx -> ctx.end()));
    step("a method", () -> route[0].method(HttpMethod.PUT));
    step("another path", () -> route[0].path("/b"));
    step("metadata", () -> route[0].putMetadata("key", "value"));
    step("disable", () -> route[0].disable());
    step("enable", () -> route[0].enable());
    Router sub = Router.router(vertx);
    step("a sub-router", () -> router.route("/s/*").subRouter(sub));
    System.out.println("sub-routers that were shown then: " + shown);
    step("a route in the sub-router", () -> sub.get("/x").handler(ctx -> ctx.end()));
    step("remove", () -> route[0].remove());
    step("clear", () -> router.clear());
    System.exit(0);
  }
}
EOF
cat > "$dir/expected" << 'EOF'
a path alone: not told
its first handler: told
a second handler: not told
a method: not told
another path: not told
metadata: not told
disable: not told
enable: not told
a sub-router: told
sub-routers that were shown then: [false, false]
a route in the sub-router: not told
remove: told
clear: not told
EOF
for version in 5.0.10 5.1.6; do
  cat > "$dir/pom.xml" << EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>seen</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.vertx</groupId><artifactId>vertx-web</artifactId><version>$version</version></dependency>
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
