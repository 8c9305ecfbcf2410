package io.shield.bench.redis;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.RedisServer;

/** A Redis of a benchmark's own on a free port of the loopback. */
public final class BenchRedis implements Closeable {
  private final Path directory;
  private final int port;
  private final RedisServer server;

  /**
   * Starts one with an append-only file.
   *
   * @throws IOException if it cannot start
   */
  public BenchRedis() throws IOException {
    this(true);
  }

  /**
   * Starts one that writes nothing to disk.
   *
   * @throws IOException if it cannot start
   */
  public static BenchRedis inMemory() throws IOException {
    return new BenchRedis(false);
  }

  private BenchRedis(boolean appendOnly) throws IOException {
    directory = Files.createTempDirectory("shield-bench");
    port = freePort();
    server =
        RedisServer.newRedisServer()
            .port(port)
            .bind("127.0.0.1")
            .setting("appendonly " + (appendOnly ? "yes" : "no"))
            .setting("save \"\"")
            .setting("dir " + directory)
            .build();
    server.start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where it is. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** Its port. */
  public int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    server.stop();
    Files.deleteIfExists(directory.resolve("appendonly.aof"));
    Files.delete(directory);
  }
}
