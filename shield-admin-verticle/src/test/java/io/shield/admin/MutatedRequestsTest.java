package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.backend.file.FileBackend;
import io.shield.backend.file.FileBackendOptions;
import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.fixtures.ErrorStream;
import io.shield.fixtures.Seeds;
import io.shield.memory.MemoryBackend;
import io.shield.model.store.Head;
import io.shield.spi.ShieldBackend;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that are broken at random change nothing and break nothing, whatever they are sent with:
 * no token, or one of somebody who may only look. With {@code -Dshield.mutated=100000} there are so
 * many; with {@code -Dshield.mutated.store=file}, or {@code redis://localhost:6379}, on such a
 * store.
 */
class MutatedRequestsTest {
  private static final int REQUESTS = Integer.getInteger("shield.mutated", 500);
  private static final String STORE = System.getProperty("shield.mutated.store", "memory");
  private static final String BODY =
      "{\"reason\": \"x\", \"until\": \"1h\", \"envs\": [\"prod\"], \"percentage\": 5,"
          + " \"path\": \"/payments\", \"method\": \"GET\", \"limit\": \"5/minute\","
          + " \"username\": \"viewer\", \"password\": \"y\", \"keys\": [\"GET:/payments\"],"
          + " \"action\": \"disable\", \"start\": \"1h\", \"end\": \"2h\"}";

  private static final Pattern STATUS = Pattern.compile("^HTTP/\\S+ (\\d{3})");
  private static final String SPECIAL = "{\"[%\r\n:,/.\\";

  @TempDir Path directory;

  private final Random random = Seeds.random("mutated requests");

  private ShieldBackend store() {
    if (STORE.equals("file")) {
      String file = directory.resolve("state.json").toString();
      return FileBackend.create(new FileBackendOptions().setPath(file));
    }
    if (STORE.startsWith("redis:")) {
      return RedisBackend.create(new RedisBackendOptions().setUrl(STORE));
    }
    return MemoryBackend.create();
  }

  @Test
  void nobodyGetsInAndNothingBreaks() throws IOException {
    try (RunningAdmin admin =
        new RunningAdmin(RunningAdmin.accounts(), store(), InstantSource.system())) {
      admin.register("GET:/payments");
      String token = admin.token("viewer");
      List<String> rows = new ArrayList<>(EndpointRolesTest.table());
      rows.removeIf(row -> row.contains("/logout") || row.contains("/events"));
      List<String> open =
          rows.stream()
              .filter(row -> row.endsWith(" PUBLIC"))
              .map(row -> row.split(" ", -1)[1])
              .toList();
      Head head = admin.engine.snapshot().head();
      try (ErrorStream log = new ErrorStream()) {
        for (int i = 0; i < REQUESTS; i++) {
          String[] row = rows.get(random.nextInt(rows.size())).split(" ", -1);
          boolean signedIn = random.nextBoolean();
          byte[] request = mutated(request(row[0], row[1], signedIn ? token : "none"));
          int status = status(admin, request);
          String sent = new String(request, StandardCharsets.ISO_8859_1);
          // So Vert.x answers to a version of HTTP that there is not.
          boolean version =
              status == 501 && !sent.lines().findFirst().orElse("").endsWith(" HTTP/1.1");
          assertThat(version || status < 500).as("%s to %s", status, sent).isTrue();
          assertThat(status < 200 || status >= 300 || mayBeAnswered(sent, signedIn, open))
              .as("%s to %s", status, sent)
              .isTrue();
        }
        assertThat(log.lines(""))
            .filteredOn(line -> line.contains("ERROR") || line.startsWith("\tat "))
            .isEmpty();
      }
      assertThat(admin.engine.snapshot().head()).isEqualTo(head);
      assertThat(admin.send(token, "GET", "/api/routes", null).statusCode()).isEqualTo(200);
    }
  }

  /** What it became may be a request that anybody may make, or who may look. */
  private static boolean mayBeAnswered(String sent, boolean signedIn, List<String> open) {
    boolean reads = sent.startsWith("GET") || sent.startsWith("HEAD");
    return reads && (signedIn || open.stream().anyMatch(sent::contains));
  }

  private static String request(String method, String path, String token) {
    String target =
        path.replace(":key", "R0VUOi9wYXltZW50cw").replace(":service", "s").replace(":id", "1");
    boolean body = !method.equals("GET");
    return method
        + " "
        + target
        + "?path=GET:/payments HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "X-Shield-Token: "
        + token
        + "\r\n"
        + (body ? "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY : "\r\n");
  }

  private byte[] mutated(String text) {
    StringBuilder out = new StringBuilder(text);
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(out.length());
      char c = (char) random.nextInt(256);
      switch (random.nextInt(6)) {
        case 0 -> out.setCharAt(at, c);
        case 1 -> out.insert(at, c);
        case 2 -> out.deleteCharAt(at);
        case 3 -> out.insert(at, SPECIAL.charAt(random.nextInt(SPECIAL.length())));
        case 4 -> out.insert(at, out.substring(at, Math.min(out.length(), at + 20)));
        default -> out.delete(at, Math.min(out.length(), at + 1 + random.nextInt(30)));
      }
    }
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The status of the answer; 0 if there is none. */
  private static int status(RunningAdmin admin, byte[] request) throws IOException {
    try (Socket socket = new Socket("localhost", admin.verticle.actualPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request);
      // Whatever is missing does not come.
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      String first = new String(in.readNBytes(16), StandardCharsets.ISO_8859_1);
      Matcher line = STATUS.matcher(first);
      return line.find() ? Integer.parseInt(line.group(1)) : 0;
    } catch (SocketException reset) {
      return 0;
    }
  }
}
