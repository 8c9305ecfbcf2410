package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.ErrorStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What no client may send is answered with 400, and nothing is logged of it. */
class MalformedRequestsTest {
  private static String exchange(RunningAdmin admin, String request) throws IOException {
    try (Socket socket = new Socket("localhost", admin.verticle.actualPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void nothingIsLogged() throws IOException {
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts())) {
      String end = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
      String token = "X-Shield-Token: " + admin.token("admin") + "\r\n";
      String chunked = "Transfer-Encoding: chunked\r\n";
      Map<String, String> all = new LinkedHashMap<>();
      all.put("escape", "GET /api/%zz" + end + "\r\n");
      all.put("escape in the query", "GET /api/routes?path=%z" + end + token + "\r\n");
      all.put("escape below the dashboard", "GET /dashboard/%" + end + "\r\n");
      all.put("header", "GET /api/routes" + end + "a b: c\r\n\r\n");
      all.put("chunk", "POST /api/auth/login" + end + chunked + "\r\nzz\r\n");
      all.put("chunk, signed in", "POST /api/global/enable" + end + token + chunked + "\r\nzz\r\n");
      all.put("chunk after one", "POST /api/auth/login" + end + chunked + "\r\n1\r\n{\r\n-5\r\n");
      all.put("two lengths", "POST /x" + end + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{");
      all.put("length", "POST /api/auth/login" + end + "Content-Length: x\r\n\r\n{");
      all.put("both", "POST /x" + end + chunked + "Content-Length: 1\r\n\r\n0\r\n\r\n");
      try (ErrorStream log = new ErrorStream()) {
        for (Map.Entry<String, String> each : all.entrySet()) {
          String answer = exchange(admin, each.getValue());
          assertThat(answer).as(each.getKey()).startsWith("HTTP/1.1 400 ");
        }
        assertThat(log.lines("")).isEmpty();
      }
    }
  }
}
