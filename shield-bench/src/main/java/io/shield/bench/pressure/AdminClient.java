package io.shield.bench.pressure;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.json.ShieldJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Calls the admin API of the application under pressure. Thread-safe. */
final class AdminClient {
  private static final Pattern STREAM = Pattern.compile("sse-connect=\"([^\"]+)\"");

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();
  private final int adminPort;

  AdminClient(int adminPort) {
    this.adminPort = adminPort;
  }

  int adminPort() {
    return adminPort;
  }

  /** The status of a sign-in that comes through a proxy from an address. */
  int signIn(String user, String password, String address) throws Exception {
    return login(user, password, address).statusCode();
  }

  private HttpResponse<String> login(String user, String password, String address)
      throws Exception {
    String body = "{\"username\":\"" + user + "\",\"password\":\"" + password + "\"}";
    return client.send(
        to("/api/auth/login")
            .header("X-Forwarded-For", address)
            .header("X-Shield-App-Id", PressedApp.SERVICE)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** A token; one for services is for the one that there is. */
  String token(String user) throws Exception {
    JsonNode answer =
        ShieldJson.parse("answer", login(user, PressedApp.PASSWORD, "192.0.2.1").body());
    return answer.get("token").textValue();
  }

  /** The address of the stream of the page of routes, below the dashboard. */
  String stream(String token) throws Exception {
    HttpRequest request = to("/dashboard/routes").header("X-Shield-Token", token).build();
    Matcher stream = STREAM.matcher(client.send(request, BodyHandlers.ofString()).body());
    if (!stream.find()) {
      throw new IOException("the page of routes names no stream");
    }
    return stream.group(1).replace("&amp;", "&");
  }

  /** Closes or opens a route. */
  void change(String token, String route, boolean closed) throws Exception {
    String target = "/api/routes/" + (closed ? "disable" : "enable") + "?path=" + route;
    HttpRequest request =
        to(target).header("X-Shield-Token", token).POST(BodyPublishers.ofString("{}")).build();
    int status = client.send(request, BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IOException("a change was answered with " + status);
    }
  }

  private HttpRequest.Builder to(String target) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + adminPort + target))
        .timeout(Duration.ofSeconds(30));
  }
}
