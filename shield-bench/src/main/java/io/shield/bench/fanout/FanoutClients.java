package io.shield.bench.fanout;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/**
 * Many streams of one server. Arguments: port, how many. Says {@code ready} when all are open; then
 * for every change when each has it, and once what an event is.
 */
public final class FanoutClients {
  private static final int AT_ONCE = 100;
  private static final String BEGIN = "\nid: ";
  private static final String END = "\n\n";

  private final Vertx vertx = Vertx.vertx();
  private final NetClient client =
      vertx.createNetClient(new NetClientOptions().setReconnectAttempts(20));
  private final int port;
  private final long[] times;
  private int connected;
  private int seen;
  private boolean shown;

  private FanoutClients(int port, int count) {
    this.port = port;
    this.times = new long[count];
  }

  /** Follows until its input ends. */
  public static void main(String[] arguments) throws Exception {
    FanoutClients clients =
        new FanoutClients(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    clients.vertx.getOrCreateContext().runOnContext(v -> clients.connect());
    while (System.in.read() >= 0) {
      // until whoever started it is gone
    }
    Runtime.getRuntime().halt(0);
  }

  /** What a change of a round has in it, always as long. */
  static String mark(int round) {
    return "bench-" + (100_000 + round) + ";";
  }

  private void connect() {
    int most = Math.min(times.length, connected + AT_ONCE);
    Future<Void> some = Future.succeededFuture();
    for (int i = connected; i < most; i++) {
      Future<Void> opened = client.connect(port, "localhost").compose(this::follow);
      some = some.compose(v -> opened);
    }
    some.onFailure(FanoutClients::fail)
        .onSuccess(
            v -> {
              connected = most;
              if (connected < times.length) {
                connect();
              } else {
                System.out.println("ready");
              }
            });
  }

  private static void fail(Throwable failure) {
    System.err.println("a client ended: " + failure);
    Runtime.getRuntime().halt(1);
  }

  private Future<Void> follow(NetSocket socket) {
    Future<Void> begun = Future.future(first -> new Stream(socket, first));
    socket.write(
        "GET /api/sdk/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
            + "Accept-Version: 1\r\nX-Shield-App-Id: "
            + FanoutServer.SERVICE
            + "\r\n\r\n");
    return begun;
  }

  private void seen() {
    times[seen++] = System.nanoTime();
    if (seen == times.length) {
      long[] sorted = times.clone();
      Arrays.sort(sorted);
      String all = Arrays.stream(sorted).mapToObj(Long::toString).collect(Collectors.joining(" "));
      System.out.println("times " + all);
      seen = 0;
    }
  }

  private final class Stream {
    private final Promise<Void> begun;
    private String rest = "";
    private int expected;

    Stream(NetSocket socket, Promise<Void> begun) {
      this.begun = begun;
      socket.handler(this::read);
      socket.closeHandler(v -> fail(new IllegalStateException("a stream broke")));
    }

    private void read(Buffer bytes) {
      rest += bytes.toString(StandardCharsets.ISO_8859_1);
      for (int end = rest.indexOf(END); end >= 0; end = rest.indexOf(END)) {
        event(rest.substring(0, end + END.length()));
        rest = rest.substring(end + END.length());
      }
    }

    private void event(String text) {
      if (begun.tryComplete() || !text.contains(mark(expected))) {
        return;
      }
      if (!shown) {
        shown = true;
        byte[] bytes =
            text.substring(text.lastIndexOf(BEGIN) + 1).getBytes(StandardCharsets.ISO_8859_1);
        System.out.println("event " + Base64.getEncoder().encodeToString(bytes));
      }
      expected++;
      seen();
    }
  }
}
