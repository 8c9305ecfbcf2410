#!/bin/sh
# Apache HttpClient 5.5.1: a POST that is refused is sent again by itself.
#
# Guess, written down before it was run: a client with its default settings repeats a request by itself only if it
#   is idempotent, as its retry handler for broken connections does: a POST answered 503 or 429 is not sent again.
#   And nothing is waited for that takes longer than the response timeout.
# Seen: the check for idempotence is made for broken connections only. A POST answered 503 or 429 is sent once more
#   after what Retry-After says, with its body; one answered 403 is not. A response timeout shorter than Retry-After
#   changes nothing.
# What it means: a refusal must come before anything is done for the request, or it is done twice. Shield refuses
#   before the handler runs (docs/architecture.md, Refusals); docs/clients.md names this client.
#
# Needs a JDK, 17 or later, and Maven, 3.8 or later. Takes about 15 seconds. Exit code: 0 as seen, 1 it has changed, 77 it cannot be run here.
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
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.*;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.*;
import org.apache.hc.core5.http.io.entity.*;
import org.apache.hc.core5.util.*;

public class Seen {
  static final List<String> ARRIVED = new CopyOnWriteArrayList<>();
  static volatile int status;

  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          ARRIVED.add(exchange.getRequestMethod() + " " + new String(exchange.getRequestBody().readAllBytes()));
          exchange.getResponseHeaders().add("Retry-After", "2");
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    System.out.println("httpclient5 " + VersionInfo.loadVersionInfo("org.apache.hc.client5", Seen.class.getClassLoader()).getRelease());
    for (int s : new int[] {503, 429, 403}) {
      post(server, s, RequestConfig.DEFAULT, "default settings");
    }
    post(server, 503, RequestConfig.custom().setResponseTimeout(Timeout.ofSeconds(1)).build(), "a response timeout of 1 s");
    server.stop(0);
  }

  private static void post(HttpServer server, int answer, RequestConfig config, String name) throws Exception {
    status = answer;
    ARRIVED.clear();
    try (CloseableHttpClient client = HttpClients.custom().setDefaultRequestConfig(config).build()) {
      HttpPost post = new HttpPost("http://127.0.0.1:" + server.getAddress().getPort() + "/");
      post.setEntity(new StringEntity("pay"));
      int seen = client.execute(post, response -> response.getCode());
      System.out.println(name + ", answer " + seen + ": the server got " + ARRIVED);
    }
  }
}
EOF
cat > "$dir/expected" << 'EOF'
httpclient5 5.5.1
default settings, answer 503: the server got [POST pay, POST pay]
default settings, answer 429: the server got [POST pay, POST pay]
default settings, answer 403: the server got [POST pay]
a response timeout of 1 s, answer 503: the server got [POST pay, POST pay]
EOF
cat > "$dir/pom.xml" << EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>seen</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.httpcomponents.client5</groupId><artifactId>httpclient5</artifactId><version>5.5.1</version></dependency>
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
