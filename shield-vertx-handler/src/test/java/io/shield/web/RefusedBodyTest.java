package io.shield.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a connection whose request was refused before its body came. */
class RefusedBodyTest extends WebTest {
  private TestApp app;

  @BeforeEach
  void startApp() {
    app = guarded();
    app.router().get("/x").handler(app.named("get"));
    app.router().post("/x").handler(app.named("post"));
    Shield.on(app.router().post("/own"))
        .onRefusal((ctx, refusal) -> ctx.response().setStatusCode(418).end("own"))
        .handler(app.named("own"));
    app.start();
    app.disable("POST:/x");
    app.disable("POST:/own");
  }

  /** A connection on which nothing reads before everything was written. */
  private Socket connected() throws IOException {
    Socket socket = closing(new Socket(InetAddress.getLoopbackAddress(), app.port()));
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private static String head(String path, String... headers) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: test\r\n"
        + String.join("\r\n", headers)
        + "\r\n\r\n";
  }

  @Test
  void aShortOneThatCameWithItsHeadCostsNoConnection() {
    for (int i = 0; i < 3; i++) {
      Answer refused = app.client().sendBody("POST", "/x", "x".repeat(500));
      assertThat(refused.code()).isEqualTo("ROUTE_DISABLED");
      assertThat(refused.header("Connection")).isNull();
      assertThat(app.get("/x").body()).isEqualTo("get");
    }
    assertThat(app.client().connections()).isEqualTo(1);
  }

  @Test
  void soDoesAChunkedOne() {
    String chunked = "Transfer-Encoding: chunked";
    Answer answer =
        app.client()
            .exchange("POST", "POST /x HTTP/1.1", "Host: test", chunked, "", "5", "hello", "0", "");
    assertThat(answer.code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/x").body()).isEqualTo("get");
    assertThat(app.client().connections()).isEqualTo(1);
  }

  @Test
  void noneAtAllCostsNoConnection() {
    assertThat(app.client().send("POST", "/x").header("Connection")).isNull();
    assertThat(app.client().send("POST", "/x", "Content-Length: 0").header("Connection")).isNull();
    assertThat(app.client().connections()).isEqualTo(1);
  }

  @Test
  void oneThatNeverComesEndsTheConnection() throws IOException {
    Socket socket = connected();
    write(socket, head("/x", "Content-Length: 1000000000"));
    assertThat(rest(socket)).startsWith("HTTP/1.1 503").contains("connection: close").endsWith("}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x", "/own"})
  void aClientThatWaitsForContinueIsRefusedAtOnce(String path) throws IOException {
    Socket socket = connected();
    write(socket, head(path, "Content-Length: 5", "Expect: 100-continue"));
    Answer answer = app.client().send("POST", path, "Content-Length: 5", "Expect: 100-continue");
    assertThat(answer.header("Connection")).isEqualTo("close");
    write(socket, "hello" + head("/x", "Content-Length: 0"));
    assertThat(rest(socket).split("HTTP/1.1 ", -1)).as("one answer, and the end").hasSize(2);
  }

  /** Closed at once, the connection would be reset, and the answer lost. */
  @Test
  void aClientThatWritesFirstReadsTheAnswer() throws IOException {
    Socket socket = connected();
    write(socket, head("/x", "Content-Length: 1000000"));
    for (int i = 0; i < 10; i++) {
      write(socket, "x".repeat(100_000));
    }
    assertThat(rest(socket)).startsWith("HTTP/1.1 503").contains("connection: close").endsWith("}");
  }

  @Test
  void anUploadWithoutEndIsNotDrained() throws IOException {
    Socket socket = connected();
    write(socket, head("/x", "Transfer-Encoding: chunked"));
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    int chunks = 0;
    try {
      while (chunks < 120_000) {
        write(socket, chunk);
        chunks++;
      }
    } catch (IOException closed) {
      // Meant to happen.
    }
    assertThat(chunks).as("chunks of 64 KiB until the connection was closed").isLessThan(120_000);
  }
}
