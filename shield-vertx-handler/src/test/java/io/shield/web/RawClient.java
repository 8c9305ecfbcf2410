package io.shield.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.MultiMap;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;

/**
 * A client that sends a request line as it is given, unlike one that normalizes it first. Keeps its
 * connection as long as the server does. Blocks; not thread-safe.
 */
public final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final InetAddress address;
  private final int port;
  private Socket socket;
  private InputStream in;
  private int connections;

  private RawClient(byte[] address, int port) {
    try {
      this.address = InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e);
    }
    this.port = port;
  }

  /** A client of 127.0.0.1. */
  public static RawClient of(int port) {
    return new RawClient(new byte[] {127, 0, 0, 1}, port);
  }

  /** A client of ::1. */
  public static RawClient ofVersion6(int port) {
    byte[] address = new byte[16];
    address[15] = 1;
    return new RawClient(address, port);
  }

  /** How many connections were opened. */
  public int connections() {
    return connections;
  }

  /** Sends a request without body. */
  public Answer send(String method, String target, String... headers) {
    return exchangeText(method, head(method, target, headers) + "\r\n");
  }

  /** Sends a request with body. */
  public Answer sendBody(String method, String target, String body, String... headers) {
    String length = "Content-Length: " + body.length() + "\r\n";
    return exchangeText(method, head(method, target, headers) + length + "\r\n" + body);
  }

  private static String head(String method, String target, String... headers) {
    StringBuilder out = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: test\r\n");
    for (String header : headers) {
      out.append(header).append("\r\n");
    }
    return out.toString();
  }

  /** Sends lines as they are and reads the answer to a method's request. */
  public Answer exchange(String method, String... lines) {
    return exchangeText(method, String.join("\r\n", lines) + "\r\n");
  }

  /** Each character is sent as one byte. */
  private Answer exchangeText(String method, String request) {
    try {
      if (socket == null) {
        connect();
      }
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return read(method);
    } catch (IOException e) {
      close();
      throw new UncheckedIOException("no answer to " + request, e);
    }
  }

  private void connect() throws IOException {
    socket = new Socket(address, port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
    connections++;
  }

  private Answer read(String method) throws IOException {
    String line = line();
    if (line == null) {
      close();
      return new Answer(0, MultiMap.caseInsensitiveMultiMap(), "");
    }
    int status = Integer.parseInt(line.split(" ", 3)[1]);
    MultiMap headers = headers();
    boolean empty = method.equals("HEAD") || status < 200 || status == 204 || status == 304;
    String body = empty ? "" : new String(body(headers), UTF_8);
    if (status < 200 || "close".equalsIgnoreCase(headers.get("Connection"))) {
      close();
    }
    return new Answer(status, headers, body);
  }

  private MultiMap headers() throws IOException {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (String line = line(); line != null && !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.add(line.substring(0, colon), line.substring(colon + 1).trim());
    }
    return headers;
  }

  private byte[] body(MultiMap headers) throws IOException {
    if ("chunked".equals(headers.get("Transfer-Encoding"))) {
      return chunks();
    }
    String length = headers.get("Content-Length");
    if (length == null) {
      // Nothing tells where it ends; what goes on is not HTTP/1.1 any more.
      close();
      return new byte[0];
    }
    return exactly(Integer.parseInt(length));
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      out.write(exactly(size));
      line();
    }
    line();
    return out.toByteArray();
  }

  private int chunkSize() throws IOException {
    String line = line();
    if (line == null) {
      throw new EOFException("inside a chunked body");
    }
    return Integer.parseInt(line, 16);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException(bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  /** A line without its end, or null if the connection was closed before one began. */
  private String line() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        if (out.size() == 0) {
          return null;
        }
        throw new EOFException("inside a line");
      }
      if (b != '\r') {
        out.write(b);
      }
    }
    return out.toString(ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      socket = null;
    }
  }
}
