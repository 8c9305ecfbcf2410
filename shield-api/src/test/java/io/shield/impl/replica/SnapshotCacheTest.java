package io.shield.impl.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldChange;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.BackendSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotCacheTest {
  private record Settings(String directory) implements BackendSettings {
    @Override
    public String name() {
      return "engine";
    }

    @Override
    public @Nullable String service() {
      return null;
    }

    @Override
    public InstantSource clock() {
      return InstantSource.system();
    }

    @Override
    public @Nullable String setting(String variable) {
      return directory;
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
  @TempDir Path directory;

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(2, TimeUnit.MINUTES).join();
  }

  private SnapshotCache cache() {
    return SnapshotCache.of(context, new Settings(directory.toString()), "http://localhost:1");
  }

  private <T> T onContext(Supplier<T> work) {
    return await(Future.future(done -> context.runOnContext(v -> done.complete(work.get()))));
  }

  /** Who starts right after it would read the one before. */
  @Test
  void endsWhenWhatIsBeingWrittenIsWritten() {
    CountDownLatch disk = new CountDownLatch(1);
    Snapshot known = Snapshot.empty(new Head("epoch", 2, "c2"));
    SnapshotCache cache = cache();
    // Workers of one context take turns, so that the write has begun for the cache and waits here.
    context.executeBlocking(
        () -> {
          disk.await();
          return null;
        });
    Future<Void> first =
        onContext(
            () -> {
              cache.inForce(
                  new ShieldChange(Snapshot.empty(Head.NONE), known, Set.of(), Set.of(), List.of()),
                  null);
              return cache.close();
            });
    Future<Void> last = onContext(cache::close);
    assertThat(first.isComplete()).isFalse();
    assertThat(last.isComplete()).isFalse();
    disk.countDown();
    await(last);
    assertThat(await(onContext(cache()::read)).head()).isEqualTo(known.head());
  }
}
