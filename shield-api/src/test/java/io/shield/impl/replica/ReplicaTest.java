package io.shield.impl.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldChange;
import io.shield.Store.Status.Condition;
import io.shield.fixtures.ErrorStream;
import io.shield.impl.replica.Replica.Observer;
import io.shield.internal.Meters;
import io.shield.memory.MemoryBackend;
import io.shield.model.OpaqueDocument;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.shield.spi.StoreUnreachableException;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica whose observer is slow or fails, and whose store never answers. */
class ReplicaTest {
  private static final VertxInternal VERTX = (VertxInternal) Vertx.vertx();

  private final ContextInternal context = VERTX.createEventLoopContext();
  private final Forgetful backend = new Forgetful();
  private final Watcher watcher = new Watcher();
  private final Replica replica =
      new Replica(
          context,
          new StoreLink(
              context,
              backend,
              new StoreLink.Patience(
                  Duration.ofMillis(50), Duration.ofMillis(80), Duration.ofMillis(90)),
              new Meters()),
          watcher,
          Duration.ofMillis(20),
          new SplittableRandom());

  @BeforeEach
  void observe() {
    replica.observe(List.of(watcher));
  }

  @AfterAll
  static void close() {
    VERTX.close().await();
  }

  /** A memory store that can forget to answer. */
  private static final class Forgetful implements ShieldBackend {
    final MemoryBackend store = MemoryBackend.create();
    volatile boolean forgetsHead;
    volatile boolean forgetsLoad;
    volatile boolean forgetsShutdown;

    @Override
    public Future<Void> shutdown() {
      return forgetsShutdown ? Promise.<Void>promise().future() : store.shutdown();
    }

    @Override
    public Future<Head> head() {
      return forgetsHead ? Promise.<Head>promise().future() : store.head();
    }

    @Override
    public Future<Snapshot> load() {
      return forgetsLoad ? Promise.<Snapshot>promise().future() : store.load();
    }

    @Override
    public Future<CommitResult> commit(Change change) {
      return store.commit(change);
    }

    @Override
    public Future<List<AuditEntry>> auditLog(AuditQuery query) {
      return store.auditLog(query);
    }

    @Override
    public Future<Subscription> subscribe(CommitListener listener) {
      return store.subscribe(listener);
    }

    @Override
    public Capabilities capabilities() {
      return store.capabilities();
    }
  }

  /** Prepares at once unless told otherwise, and notes the heads put into force. */
  private static final class Watcher implements Replica.Compiler, Observer {
    final List<Head> told = new CopyOnWriteArrayList<>();
    final List<Head> inForce = new CopyOnWriteArrayList<>();
    final Queue<Supplier<Future<Void>>> preparations = new ArrayDeque<>();
    volatile boolean throwsWhenTold;

    @Override
    public Future<Runnable> prepare(Snapshot next, @Nullable Set<DocumentKey> changed) {
      Supplier<Future<Void>> preparation = preparations.poll();
      Runnable force = () -> inForce.add(next.head());
      return preparation == null
          ? Future.succeededFuture(force)
          : preparation.get().map(v -> force);
    }

    @Override
    public void inForce(ShieldChange change, @Nullable Commit commit) {
      told.add(change.after().head());
      if (throwsWhenTold) {
        throw new IllegalStateException("an observer that throws on purpose");
      }
    }
  }

  private <T> T onContext(Supplier<Future<T>> work) {
    Promise<T> done = Promise.promise();
    context.runOnContext(v -> work.get().onComplete(done));
    return done.future().await();
  }

  private void start() {
    onContext(replica::start);
  }

  private void commit() {
    DocumentKey key = DocumentKey.document(UUID.randomUUID().toString());
    Edit edit = new Edit(key, 0, new OpaqueDocument("x"));
    backend.commit(new Change(UUID.randomUUID().toString(), List.of(edit), List.of())).await();
  }

  private static void eventually(ThrowingRunnable assertion) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(assertion);
  }

  private void assertDrawsLevel() {
    eventually(() -> assertThat(replica.snapshot()).isEqualTo(backend.store.load().await()));
    eventually(() -> assertThat(replica.status().condition()).isEqualTo(Condition.READY));
    assertThat(watcher.inForce).extracting(Head::revision).isSorted();
    assertThat(watcher.inForce.get(watcher.inForce.size() - 1))
        .isEqualTo(replica.snapshot().head());
    onContext(replica::close);
  }

  @Test
  void aHeadThatIsNeverAnsweredIsAskedForAgain() {
    start();
    backend.forgetsHead = true;
    eventually(() -> assertThat(replica.status().condition()).isEqualTo(Condition.UNREACHABLE));
    assertThat(replica.status().problem()).isEqualTo("the store did not answer within 50 ms");
    backend.forgetsHead = false;
    commit();
    assertDrawsLevel();
  }

  @Test
  void aFirstLoadThatIsNeverAnsweredIsAColdStart() {
    backend.forgetsLoad = true;
    start();
    assertThat(replica.status().condition()).isEqualTo(Condition.STARTING);
    assertThat(replica.status().problem()).isEqualTo("the store did not answer within 80 ms");
    backend.forgetsLoad = false;
    commit();
    assertDrawsLevel();
  }

  @Test
  void commitsWaitWhileOneIsBeingCompiled() {
    start();
    Promise<Void> slow = Promise.promise();
    onContext(
        () -> {
          watcher.preparations.add(slow::future);
          return Future.succeededFuture();
        });
    commit();
    commit();
    commit();
    assertThat(replica.snapshot().head().revision()).isEqualTo(1);
    slow.complete();
    assertDrawsLevel();
    assertThat(watcher.inForce).extracting(Head::revision).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void aCommitThatCannotBeCompiledIsLoaded() {
    start();
    onContext(
        () -> {
          watcher.preparations.add(() -> Future.failedFuture("cannot compile"));
          return Future.succeededFuture();
        });
    commit();
    assertDrawsLevel();
  }

  @Test
  void aPreparationThatThrowsIsOneThatFails() {
    start();
    onContext(
        () -> {
          for (int i = 0; i < 2; i++) {
            watcher.preparations.add(
                () -> {
                  throw new IllegalStateException("a preparation that throws on purpose");
                });
          }
          return Future.succeededFuture();
        });
    commit();
    commit();
    assertDrawsLevel();
  }

  @Test
  void anObserverThatThrowsStopsNothing() {
    watcher.throwsWhenTold = true;
    start();
    commit();
    commit();
    assertDrawsLevel();
  }

  @Test
  void aShutdownThatIsNeverAnsweredKeepsNobodyWaiting() {
    start();
    backend.forgetsShutdown = true;
    assertThatThrownBy(() -> onContext(replica::close))
        .isInstanceOf(StoreUnreachableException.class)
        .hasMessage("the store did not answer within 90 ms");
    assertThat(replica.status().condition()).isEqualTo(Condition.CLOSED);
  }

  @Test
  void nothingIsPutIntoForceAfterTheEnd() {
    start();
    Promise<Void> slow = Promise.promise();
    onContext(
        () -> {
          watcher.preparations.add(slow::future);
          return Future.succeededFuture();
        });
    commit();
    try (ErrorStream log = new ErrorStream()) {
      onContext(replica::close);
      slow.complete();
      onContext(Future::succeededFuture);
      assertThat(log.lines("")).as("an end is no fault").isEmpty();
    }
    assertThat(watcher.inForce).extracting(Head::revision).containsExactly(1L);
    assertThat(replica.status().condition()).isEqualTo(Condition.CLOSED);
  }

  /** What another node kept of the store some commits ago. */
  private Snapshot kept() {
    return backend.store.load().await();
  }

  @Test
  void whatIsRememberedNeverOvertakesWhatIsLoaded() {
    commit();
    Snapshot known = kept();
    commit();
    Promise<Void> slow = Promise.promise();
    Promise<Void> started = Promise.promise();
    context.runOnContext(
        v -> {
          watcher.preparations.add(slow::future);
          replica.remember(known);
          replica.start().onComplete(started);
        });
    onContext(
        () -> {
          slow.complete();
          return Future.succeededFuture();
        });
    started.future().await();
    assertDrawsLevel();
    assertThat(watcher.inForce).containsExactly(known.head(), kept().head());
    assertThat(watcher.told).isEqualTo(watcher.inForce);
  }

  @Test
  void whatIsRememberedIsToldAlsoIfTheStoreHoldsNothingElse() {
    commit();
    Snapshot known = kept();
    onContext(() -> replica.remember(known));
    assertThat(replica.snapshot()).isEqualTo(known);
    assertThat(replica.status().condition()).isEqualTo(Condition.STARTING);
    start();
    assertDrawsLevel();
    assertThat(watcher.told).containsExactly(known.head());
  }

  @Test
  void whatCannotBeCompiledIsNotRemembered() {
    commit();
    Snapshot known = kept();
    watcher.preparations.add(() -> Future.failedFuture("cannot compile"));
    onContext(() -> replica.remember(known));
    assertThat(replica.snapshot().head()).isEqualTo(Head.NONE);
    start();
    assertDrawsLevel();
  }
}
