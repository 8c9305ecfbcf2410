package io.shield.bench.pressure;

import io.shield.bench.propagation.Times;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** Asks at the gate at a steady pace, on one connection, and takes the times. */
final class GateClient {
  private static final byte[] REQUEST =
      "GET /payments HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\npaid";
  private static final long PACE_NANOS = 4_000_000;

  private GateClient() {}

  /** Measures for some seconds; fails if a request is not answered as it should be. */
  static Times measure(int port, int seconds) throws IOException {
    long[] times = new long[seconds * 250];
    try (Socket socket = new Socket("localhost", port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(30_000);
      InputStream in = socket.getInputStream();
      long begin = System.nanoTime();
      for (int i = 0; i < times.length; i++) {
        long due = begin + i * PACE_NANOS;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        long start = System.nanoTime();
        socket.getOutputStream().write(REQUEST);
        byte[] answer = in.readNBytes(ANSWER.length());
        times[i] = System.nanoTime() - start;
        if (!Arrays.equals(answer, ANSWER.getBytes(StandardCharsets.US_ASCII))) {
          throw new IOException("the gate answered " + new String(answer, StandardCharsets.UTF_8));
        }
      }
    }
    return Times.of(times);
  }
}
