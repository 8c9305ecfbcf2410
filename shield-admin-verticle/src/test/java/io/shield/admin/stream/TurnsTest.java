package io.shield.admin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done for many leaves an event loop to its requests. */
class TurnsTest {
  /** So much that it takes half a second. */
  private static final int SOME = 45_000;

  private static final int MANY = 300_000;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final ContextInternal context = ((VertxInternal) vertx).getOrCreateContext();

  @AfterEach
  void close() {
    vertx.close();
  }

  /** As long as a write to a connection takes. */
  private static void work() {
    long end = System.nanoTime() + 10_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aRequestOfTheSameLoopDoesNotWaitForAll() throws Exception {
    List<Integer> done = Collections.synchronizedList(new ArrayList<>());
    Promise<Integer> doneWhenRead = Promise.promise();
    Future<Integer> read = doneWhenRead.future();
    NetServer server =
        get(
            vertx
                .createNetServer()
                .connectHandler(
                    socket -> {
                      socket.handler(byteRead -> doneWhenRead.tryComplete(done.size()));
                      socket.write("!");
                    })
                .listen(0, "localhost"));
    Promise<Void> all = Promise.promise();
    try (Socket client = new Socket("localhost", server.actualPort())) {
      assertThat(client.getInputStream().read()).isEqualTo('!');
      context.runOnContext(
          v -> {
            send(client);
            Turns.of(context)
                .forEach(
                    IntStream.range(0, MANY).boxed().toList(),
                    i -> {
                      if (!read.isComplete()) {
                        work();
                      }
                      done.add(i);
                    },
                    all::complete);
          });
      assertThat(get(read)).isLessThan(SOME);
      get(all.future());
    }
    assertThat(done).as("in order").isSorted().hasSize(MANY);
  }

  private static void send(Socket client) {
    try {
      client.getOutputStream().write('?');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oneThingAfterTheOther() throws Exception {
    List<String> done = new ArrayList<>();
    Promise<List<String>> all = Promise.promise();
    context.runOnContext(
        v -> {
          Turns turns = Turns.of(context);
          turns.forEach(List.of("a"), done::add, () -> {});
          assertThat(done).as("at once").containsExactly("a");
          turns.forEach(List.of(), item -> done.add("none"), () -> done.add("a done"));
          turns.forEach(
              List.of("b", "c"),
              item -> {
                done.add(item);
                turns.forEach(List.of(item + item), done::add, () -> {});
                if (item.equals("c")) {
                  turns.forEach(List.of("last"), last -> all.complete(List.copyOf(done)), () -> {});
                }
              },
              () -> done.add("c done"));
        });
    assertThat(get(all.future())).containsExactly("a", "a done", "b", "c", "c done", "bb", "cc");
  }

  @Test
  void whatFailsDoesNotStopTheOthers() throws Exception {
    Promise<Void> other = Promise.promise();
    context.exceptionHandler(expected -> {});
    context.runOnContext(
        v -> {
          Turns turns = Turns.of(context);
          context.runOnContext(w -> turns.forEach(List.of("after"), item -> {}, other::complete));
          turns.forEach(
              List.of(1, 2),
              item -> {
                throw new IllegalStateException("broken");
              },
              () -> {});
        });
    get(other.future());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }
}
