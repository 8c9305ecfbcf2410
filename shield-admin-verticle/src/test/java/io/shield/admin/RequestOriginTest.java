package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What says where a request comes from, and what must not be believed of it. */
class RequestOriginTest {
  private static int status(RunningAdmin admin, String target, String headers) throws IOException {
    int port = admin.verticle.actualPort();
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoTimeout(20_000);
      String request = "GET " + target + " HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n";
      String sent = request.replace("{port}", String.valueOf(port));
      socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      return Integer.parseInt(new String(answer, StandardCharsets.UTF_8).substring(9, 12));
    }
  }

  private static void assertStatuses(RunningAdmin admin, Map<String, Integer> expected)
      throws IOException {
    for (Map.Entry<String, Integer> each : expected.entrySet()) {
      String[] parts = each.getKey().split(" ", 2);
      String headers = parts.length == 1 ? "" : parts[1].replace("|", "\r\n") + "\r\n";
      assertThat(status(admin, parts[0], headers)).as(each.getKey()).isEqualTo(each.getValue());
    }
  }

  @Test
  void withoutCredentials() throws IOException {
    String host = "/api/routes Host: localhost:{port}|";
    Map<String, Integer> all = new LinkedHashMap<>();
    all.put(host + "Origin: http://localhost:{port}", 200);
    all.put(host + "Origin: http://localhost:{port}|Origin: http://localhost:{port}", 400);
    all.put(host + "Origin: http://localhost:{port}|Origin: http://evil.example", 400);
    all.put(host + "Host: localhost:{port}", 400);
    all.put(host + "Host: evil.example", 400);
    all.put(host + "Origin: http://evil.example@localhost:{port}", 403);
    all.put(host + "Origin: http://@localhost:{port}", 403);
    all.put(host + "Origin: http://localhost:{port}/", 403);
    all.put(host + "Origin: http://localhost:{port}?", 403);
    all.put(host + "Origin: http://localhost:{port}#", 403);
    all.put(host + "Origin: http://localhost:{port} http://evil.example", 403);
    all.put(host + "Origin: https://localhost:{port}", 403);
    all.put(host + "Origin: http://localhost:1", 403);
    all.put(host + "Origin: null", 403);
    all.put(host + "Origin:", 403);
    all.put(host + "Sec-Fetch-Site: same-origin", 200);
    all.put(host + "Sec-Fetch-Site: none", 200);
    all.put(host + "Sec-Fetch-Site: cross-site", 403);
    all.put(host + "Sec-Fetch-Site: same-site", 403);
    all.put(host + "Sec-Fetch-Site: cross-site|Origin: http://localhost:{port}", 403);
    all.put(host + "Sec-Fetch-Site: same-origin|Sec-Fetch-Site: cross-site", 400);
    for (String header :
        new String[] {
          "X-Forwarded-Proto",
          "X-Forwarded-Port",
          "X-Forwarded-Server",
          "x-forwarded-prefix",
          "X-Original-Forwarded-For",
          "X-Original-URL",
          "X-Client-IP",
          "X-Cluster-Client-IP",
          "True-Client-IP",
          "CF-Connecting-IP",
          "CDN-Loop",
          "Fastly-Client-IP",
          "X-Envoy-External-Address",
          "X-Scheme",
          "Proxy-Client-IP"
        }) {
      all.put(host + header + ": 127.0.0.1", 403);
    }
    all.put("http://localhost:{port}/api/routes Host: localhost:{port}", 200);
    all.put("http://evil.example/api/routes Host: localhost:{port}", 400);
    all.put("http://localhost:1/api/routes Host: localhost:{port}", 400);
    all.put("http://evil.example@localhost:{port}/api/routes Host: localhost:{port}", 400);
    all.put("http://localhost:{port}/api/routes Host: evil.example", 400);
    all.put("http://evil.example/api/routes Host: evil.example", 403);
    all.put("http:///api/routes Host: localhost:{port}", 400);
    all.put("/api/routes Host: localhost:{port}@evil.example", 400);
    all.put("/api/routes", 400);
    try (RunningAdmin admin = new RunningAdmin(new AdminOptions())) {
      assertStatuses(admin, all);
    }
  }

  @Test
  void withCredentials() throws IOException {
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts())) {
      String token = admin.token("viewer");
      String host = "/api/routes Host: localhost:{port}|X-Shield-Token: " + token;
      Map<String, Integer> all = new LinkedHashMap<>();
      all.put(host, 200);
      all.put(host + "|X-Forwarded-For: 192.0.2.1", 200);
      all.put(host + "|Sec-Fetch-Site: cross-site", 200);
      all.put(host + "|X-Shield-Token: other", 400);
      all.put(host + "|Host: localhost:{port}", 400);
      all.put("http://evil.example" + host, 400);
      all.put(
          "/api/routes Host: localhost|Authorization: Bearer x|Authorization: Bearer " + token,
          400);
      assertStatuses(admin, all);
    }
  }
}
