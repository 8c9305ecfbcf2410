package io.shield.backend.file.impl;

import static io.shield.backend.file.impl.TestStore.setting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.backend.file.FileBackendOptions;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.RecordingListener;
import io.shield.model.RouteStatus;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes no writes is told of once, and its end is noticed without another change. */
class DiskRefusesWritesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicBoolean full = new AtomicBoolean();
  private final RecordingLog log = new RecordingLog();

  @AfterEach
  void close() throws Exception {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }

  private FileOps ops() {
    return (FileOps)
        Proxy.newProxyInstance(
            FileOps.class.getClassLoader(),
            new Class<?>[] {FileOps.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("create") && full.get()) {
                throw new IOException("No space left on device");
              }
              try {
                return method.invoke(NioFileOps.INSTANCE, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void isAProblemUntilItTakesThemAgain() throws Exception {
    FileBackendOptions options =
        new FileBackendOptions().setPath(directory.resolve("state.json").toString());
    FileBackendImpl backend = new FileBackendImpl(options, MutableClock.create(), ops(), log);
    get(backend.startup(vertx));
    get(backend.subscribe(new RecordingListener()));
    assertThat(backend.problem()).isNull();
    full.set(true);
    for (int i = 0; i < 3; i++) {
      Future<CommitResult> refused =
          backend.commit(setting("GET:/a", 0, RouteStatus.DISABLED, "x"));
      await().atMost(PATIENCE).until(refused::isComplete);
      assertThat(refused.cause()).isInstanceOf(ChangeRefusedException.class);
    }
    assertThat(backend.problem()).contains("state.json cannot be written: No space left on device");
    assertThat(log.warnings()).hasSize(1);
    full.set(false);
    await().atMost(PATIENCE).until(() -> backend.problem() == null);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(log.infos()).anyMatch(line -> line.endsWith("can be written again")));
    get(backend.commit(setting("GET:/a", 0, RouteStatus.DISABLED, "x")));
    get(backend.shutdown());
  }
}
