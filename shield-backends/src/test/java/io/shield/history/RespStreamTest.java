package io.shield.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RespStreamTest {
  private static final String MESSAGE = "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$4\r\na\r\nb\r\n";
  private static final List<String> VALUES =
      List.of(
          "+OK\r\n",
          ":7\r\n",
          "$-1\r\n",
          "$0\r\n\r\n",
          "%1\r\n+key\r\n*2\r\n:1\r\n$2\r\nab\r\n",
          "*-1\r\n",
          MESSAGE,
          MESSAGE.replace('*', '>'),
          "-ERR no\r\n");

  @Test
  void valuesAreCutOutWhereverTheStreamIsTorn() {
    byte[] all = String.join("", VALUES).getBytes(StandardCharsets.US_ASCII);
    for (int size = 1; size <= all.length; size++) {
      RespStream stream = new RespStream();
      List<String> found = new ArrayList<>();
      for (int start = 0; start < all.length; start += size) {
        Buffer piece = Buffer.buffer(all).getBuffer(start, Math.min(all.length, start + size));
        stream.values(piece).forEach(value -> found.add(value.toString()));
      }
      assertThat(found).as("in pieces of " + size).isEqualTo(VALUES);
    }
  }

  @Test
  void messagesAreToldFromAnswers() {
    assertThat(VALUES.stream().filter(v -> RespStream.isMessage(Buffer.buffer(v))))
        .containsExactly(MESSAGE, MESSAGE.replace('*', '>'));
    assertThat(RespStream.isMessage(Buffer.buffer("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n")))
        .isFalse();
  }
}
