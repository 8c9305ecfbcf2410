package io.shield.bench.pressure;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.json.ShieldJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The application under pressure, as a process with a heap of 512 MB. */
final class AppProcess implements AutoCloseable {
  private static final Pattern STREAM = Pattern.compile("sse-connect=\"([^\"]+)\"");

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();
  private final Process process;
  private final int port;
  private final int adminPort;

  AppProcess() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            PressedApp.class.getName());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("SHIELD_TRUSTED_PROXIES", "127.0.0.1,::1");
    process = builder.start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the application did not start");
    }
    String[] ports = line.split(" ", -1);
    port = Integer.parseInt(ports[0]);
    adminPort = Integer.parseInt(ports[1]);
  }

  int port() {
    return port;
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
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

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

  /** Changes a route that nobody asks for. */
  void change(String token, boolean closed) throws Exception {
    String target = "/api/routes/" + (closed ? "disable" : "enable") + "?path=GET:/other";
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

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
  }
}
