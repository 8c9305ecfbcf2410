package io.shield.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.RouteState;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A commit of more routes than one entry of a cluster takes. */
final class ManyRoutes {
  private static final int ROUTES = 10_000;
  private static final int PIECE_BYTES = 512 * 1024;

  private ManyRoutes() {}

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** Is made through one member and found by another that knew nothing, cut into pieces. */
  static void check(Vertx vertx, Supplier<ShieldBackend> store, Supplier<Collection<String>> texts)
      throws Exception {
    List<Edit> edits =
        IntStream.range(0, ROUTES)
            .mapToObj(i -> "GET:/größe/" + i)
            .map(key -> new Edit(DocumentKey.state(key), 0, RouteState.active(key)))
            .toList();
    ShieldBackend writer = store.get();
    get(writer.startup(vertx));
    get(writer.load());

    CommitResult result =
        get(writer.commit(new Change(UUID.randomUUID().toString(), edits, List.of())));

    assertThat(result).isInstanceOf(CommitResult.Accepted.class);
    ShieldBackend reader = store.get();
    get(reader.startup(vertx));
    Snapshot loaded = get(reader.load());
    assertThat(loaded.states()).hasSize(ROUTES);
    assertThat(loaded).isEqualTo(get(writer.load()));
    Collection<String> pieces = texts.get();
    assertThat(pieces).hasSizeGreaterThan(4);
    assertThat(pieces)
        .extracting(text -> text.getBytes(StandardCharsets.UTF_8).length)
        .allMatch(bytes -> bytes <= PIECE_BYTES + 100);
    get(writer.shutdown());
    get(reader.shutdown());
  }
}
