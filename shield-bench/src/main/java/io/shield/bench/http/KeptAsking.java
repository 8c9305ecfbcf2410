package io.shield.bench.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A connection on which a request is under way all the time. It reads of an answer no more than
 * where it ends and whether it is 200: a client that took longer for a request than the server
 * would leave the server idle, and what an idle server pays to wake up is not what is asked. Lives
 * on one event loop.
 */
final class KeptAsking implements Handler<Buffer> {
  private static final String END_OF_HEADERS = "\r\n\r\n";
  private static final String LENGTH = "content-length: ";
  private static final String STATUS = "HTTP/1.1 ";

  private final NetSocket socket;
  private final Buffer request;
  private Promise<Long> over = Promise.promise();
  private long end;
  private long answered;
  private String begun = "";

  /** Asks for nothing yet. */
  KeptAsking(NetSocket socket, String uri) {
    this.socket = socket;
    this.request = Buffer.buffer("GET " + uri + " HTTP/1.1\r\nhost: localhost" + END_OF_HEADERS);
    socket.handler(this).closeHandler(v -> over.tryFail(new IOException("closed by the server")));
  }

  /**
   * Asks again and again until {@code System.nanoTime()} is there; tells how many were answered.
   */
  Future<Long> until(long nanoTime) {
    over = Promise.promise();
    end = nanoTime;
    answered = 0;
    socket.write(request);
    return over.future();
  }

  @Override
  public void handle(Buffer part) {
    String text = begun + part.toString(StandardCharsets.ISO_8859_1);
    if (!isWhole(text)) {
      begun = text;
      return;
    }
    begun = "";
    answered++;
    if (!text.startsWith(STATUS + "200")) {
      over.tryFail(new IOException("a request was answered with " + status(text)));
    } else if (System.nanoTime() < end) {
      socket.write(request);
    } else {
      over.complete(answered);
    }
  }

  private static boolean isWhole(String text) {
    int headers = text.indexOf(END_OF_HEADERS);
    int length = text.indexOf(LENGTH);
    if (headers < 0 || length < 0) {
      return false;
    }
    int digits = length + LENGTH.length();
    int body = Integer.parseInt(text, digits, text.indexOf('\r', digits), 10);
    return text.length() >= headers + END_OF_HEADERS.length() + body;
  }

  private static String status(String text) {
    return text.substring(STATUS.length(), text.indexOf('\r')).split(" ", 2)[0];
  }
}
