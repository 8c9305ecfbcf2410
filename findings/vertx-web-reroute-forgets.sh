#!/bin/sh
# vertx-web 5.0.10: what a reroute takes away from a request.
#
# Guess, written down before it was run: reroute changes the path and starts routing anew; the query stays unless
#   the new path has one, headers that were set on the response stay, and handlers added for the end of the response
#   run.
# Seen: query and parameters are gone, also for ctx.queryParam; all headers of the response are gone; of the
#   handlers for the end only those of addEndHandler run, those of addHeadersEndHandler and addBodyEndHandler do
#   not.
# What it means: whatever was put on the response before (CORS, rate limit headers, a deprecation) must be put there
#   again in the second pass, and what must happen at the end must not hang on the body end handler alone. Shield
#   charges and judges again after a reroute and releases a permit by two handlers (io.shield.web.impl.LimitGate).
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
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.*;
import java.net.http.*;
import java.util.*;
import java.util.concurrent.*;

public class Seen {
  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    Set<String> ran = ConcurrentHashMap.newKeySet();
    CountDownLatch over = new CountDownLatch(1);
    router
        .get("/from")
        .handler(
            ctx -> {
              ctx.response().putHeader("x-before", "1");
              ctx.addHeadersEndHandler(v -> ran.add("headers end"));
              ctx.addBodyEndHandler(v -> ran.add("body end"));
              ctx.addEndHandler(v -> { ran.add("end"); over.countDown(); });
              ctx.reroute("/to");
            });
    router
        .get("/to")
        .handler(
            ctx -> ctx.end("query " + ctx.request().query() + ", getParam " + ctx.request().getParam("q") + ", queryParam " + ctx.queryParam("q")));
    HttpServer server =
        vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get();
    HttpResponse<String> answer =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/from?q=1")).build(),
                HttpResponse.BodyHandlers.ofString());
    over.await(20, TimeUnit.SECONDS);
    System.out.println(answer.statusCode() + ": " + answer.body());
    System.out.println("header set before: " + answer.headers().firstValue("x-before").isPresent());
    System.out.println("handlers that ran: " + new TreeSet<>(ran));
    System.exit(0);
  }
}
EOF
cat > "$dir/expected" << 'EOF'
200: query null, getParam null, queryParam []
header set before: false
handlers that ran: [end]
EOF
for version in 5.0.10; do
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
