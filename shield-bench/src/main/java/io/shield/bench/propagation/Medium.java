package io.shield.bench.propagation;

import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What carries changes from one node to another: a store, and plain messages beside it. */
interface Medium extends AutoCloseable {
  /** The node that is asked for changes. */
  Vertx here();

  /** The node that hears of them. */
  Vertx there();

  /** A node's access to the store that both share. */
  ShieldBackend backend();

  /** Hears, there, of plain messages. */
  Future<Void> listen(Consumer<String> receiver);

  /** Sends a plain message from here. */
  Future<Void> send(String message);

  /** Writes one value from here as barely as the store's writes are made; null if it has none. */
  @Nullable Future<Void> write(String key, String value);

  @Override
  void close();
}
