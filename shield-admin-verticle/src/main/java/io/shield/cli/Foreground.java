package io.shield.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What commands have in common that go on until they are interrupted. */
final class Foreground {
  private static final long CLOSE_SECONDS = 5;

  private Foreground() {}

  static void checkPort(CommandLine command, int port) {
    if (port < 0 || port > 65_535) {
      throw new ParameterException(
          command, "--port: " + port + " is not allowed, must be between 0 and 65535");
    }
  }

  /**
   * Fails if nothing can be listened on there. It is asked before anything is opened, so that a
   * server that cannot serve leaves nothing behind.
   */
  static void checkFree(String host, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw unusable(e, host, port);
    }
  }

  private static CommandFailure unusable(IOException e, String host, int port) {
    String message = CommandFailure.messageOf(e).toLowerCase(Locale.ROOT);
    if (message.contains("in use")) {
      return inUse(port);
    }
    if (message.contains("unresolved address") || message.contains("assign requested address")) {
      return CommandFailure.usage(
          "--host: '" + host + "' is not allowed, must be an address of this machine", "");
    }
    return CommandFailure.usage(
        "cannot listen on port " + port + " of " + host + ": " + CommandFailure.messageOf(e), "");
  }

  private static CommandFailure inUse(int port) {
    return CommandFailure.usage(
        "port " + port + " is in use: stop what listens there, or choose another with --port", "");
  }

  static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** A failure to start, in words for who started it. */
  static Exception explained(Exception e, int port) {
    if (e instanceof BindException || e.getCause() instanceof BindException) {
      return inUse(port);
    }
    return explained(e);
  }

  /** A failure to start, in words for who started it. */
  static Exception explained(Exception e) {
    if (e instanceof ShieldException || e instanceof VertxException) {
      return CommandFailure.usage(CommandFailure.messageOf(e), "");
    }
    return e;
  }

  /**
   * Closes everything when the process is asked to end, by SIGTERM or Ctrl-C, and says so in a
   * line. The exit code is 0 then: Java's own would be that of a signal, which supervisors count as
   * a failure.
   */
  static void closeAtEnd(Vertx vertx, PrintWriter err, boolean json) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(vertx, err, json)));
  }

  private static void end(Vertx vertx, PrintWriter err, boolean json) {
    boolean closed =
        vertx
            .close()
            .toCompletionStage()
            .toCompletableFuture()
            .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
            .handle((done, failure) -> failure == null)
            .join();
    String said =
        closed
            ? "shield: ended"
            : "shield: ended; not everything was closed in " + CLOSE_SECONDS + " seconds";
    err.println(
        json ? ShieldJson.text(JsonNodeFactory.instance.objectNode().put("message", said)) : said);
    err.flush();
    Runtime.getRuntime().halt(closed ? ExitCodes.OK : ExitCodes.FAILED);
  }
}
