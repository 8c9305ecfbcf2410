package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.ShieldEngine.Registration;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who hears of changes, of what, and where. */
class OnChangeTest extends EngineTest {
  private static final String KEY = "GET:/a";

  private final MemoryBackend store = MemoryBackend.create();
  private ShieldEngine engine;

  @BeforeEach
  void start() {
    engine = started(store);
    register(engine, KEY);
  }

  /** Runs on a context and gives its result back. */
  private static <T> T on(Context context, Supplier<T> work) {
    Promise<T> done = Promise.promise();
    context.runOnContext(v -> done.complete(work.get()));
    return await(done.future());
  }

  /** The context of a verticle that does nothing. */
  private static Context verticle(ThreadingModel model) {
    Promise<Context> made = Promise.promise();
    VerticleBase verticle =
        new VerticleBase() {
          @Override
          public Future<?> start() {
            made.complete(context);
            return Future.succeededFuture();
          }
        };
    await(vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(model)));
    return await(made.future());
  }

  @Test
  void aChangeTellsWhatWasAndWhatIs() {
    List<ShieldChange> heard = new CopyOnWriteArrayList<>();
    engine.onChange(heard::add);
    Snapshot before = engine.snapshot();
    await(engine.routes().disable(KEY, ALICE, "hotfix"));
    assertThat(heard).hasSize(1);
    ShieldChange change = heard.get(0);
    assertThat(change.before()).isEqualTo(before);
    assertThat(change.after()).isEqualTo(engine.snapshot());
    assertThat(change.changed()).containsExactly(DocumentKey.state(KEY));
    assertThat(change.routes()).containsExactly(KEY);
    assertThat(change.audit()).isEqualTo(auditOf(store));
    assertThat(change.audit()).extracting(AuditEntry::revision).doesNotContain(0L);
    await(engine.maintenance().enableGlobal(ALICE, ""));
    assertThat(heard.get(1).changed()).containsExactly(DocumentKey.globalMaintenance());
    assertThat(heard.get(1).routes()).isEmpty();
  }

  /** A handler of a context that runs nothing any more: that of another Vert.x, which closed. */
  private void listenFromTheGrave() {
    Vertx other = Vertx.vertx();
    on(other.getOrCreateContext(), () -> engine.onChange(change -> {}));
    await(other.close());
  }

  @Test
  void aHandlerWhoseContextIsGoneSilencesNobody() {
    listenFromTheGrave();
    List<ShieldChange> heard = new CopyOnWriteArrayList<>();
    engine.onChange(heard::add);
    await(engine.routes().disable(KEY, ALICE, "hotfix"));
    assertThat(heard).hasSize(1);
  }

  @Test
  void aClosedHandleTakesItsHandlersAlong() {
    ShieldEngine handle = ShieldEngine.get(vertx, engine.name());
    List<ShieldChange> heard = new CopyOnWriteArrayList<>();
    handle.onChange(heard::add);
    List<ShieldChange> others = new CopyOnWriteArrayList<>();
    engine.onChange(others::add);
    await(engine.routes().disable(KEY, ALICE, "hotfix"));
    await(handle.close());
    await(engine.routes().enable(KEY, ALICE, ""));
    assertThat(heard).hasSize(1);
    assertThat(others).hasSize(2);
  }

  @Test
  void othersChangesAreHeardToo() {
    ShieldEngine other = started(store);
    List<ShieldChange> heard = new CopyOnWriteArrayList<>();
    other.onChange(heard::add);
    await(engine.routes().disable(KEY, ALICE, ""));
    eventually(() -> assertThat(heard).hasSize(1));
    assertThat(heard.get(0).audit()).hasSize(1);
  }

  @Test
  void aReloadTellsTheDocumentsThatDiffer() {
    ScriptedBackend backend = new ScriptedBackend();
    ShieldEngine quiet = started(on(backend).setHeadInterval(NEVER));
    register(quiet, "GET:/a", "GET:/b", "GET:/c");
    await(quiet.documents().put("gone", "x", 0));
    long version = quiet.documents().get("gone").orElseThrow().version();
    List<ShieldChange> heard = new CopyOnWriteArrayList<>();
    quiet.onChange(heard::add);
    backend.hold(true);
    ShieldEngine other = started(backend.store);
    await(other.routes().disable("GET:/b", ALICE, ""));
    await(other.routes().disable("GET:/c", ALICE, ""));
    await(other.documents().delete("gone", version));
    backend.pushOutdated();
    eventually(() -> assertThat(heard).hasSize(1));
    assertThat(heard.get(0).changed())
        .containsExactlyInAnyOrder(
            DocumentKey.state("GET:/b"), DocumentKey.state("GET:/c"), DocumentKey.document("gone"));
    assertThat(heard.get(0).routes()).containsExactlyInAnyOrder("GET:/b", "GET:/c");
    assertThat(heard.get(0).audit()).isEmpty();
  }

  @Test
  void aHandlerIsCalledOnTheContextThatAddedIt() {
    for (ThreadingModel model : List.of(ThreadingModel.EVENT_LOOP, ThreadingModel.WORKER)) {
      Context context = verticle(model);
      List<Context> heardOn = new CopyOnWriteArrayList<>();
      on(context, () -> engine.onChange(change -> heardOn.add(Vertx.currentContext())));
      await(engine.routes().disable(KEY, ALICE, ""));
      eventually(() -> assertThat(heardOn).containsExactly(context));
    }
  }

  @Test
  void whatAHandlerHearsIsInForce() {
    List<RouteStatus> seen = new CopyOnWriteArrayList<>();
    engine.onChange(change -> seen.add(engine.routes().get(KEY).status()));
    await(engine.routes().disable(KEY, ALICE, ""));
    await(engine.routes().enable(KEY, ALICE, ""));
    assertThat(seen).containsExactly(RouteStatus.DISABLED, RouteStatus.ACTIVE);
  }

  @Test
  void aHandlerThatThrowsStopsNobody() {
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger others = new AtomicInteger();
    engine.onChange(
        change -> {
          calls.incrementAndGet();
          throw new IllegalStateException("a handler that throws on purpose");
        });
    engine.onChange(
        change -> {
          calls.incrementAndGet();
          throw new AssertionError("another one");
        });
    engine.onChange(change -> others.incrementAndGet());
    await(engine.routes().disable(KEY, ALICE, ""));
    await(engine.routes().enable(KEY, ALICE, ""));
    assertThat(calls).hasValue(4);
    assertThat(others).hasValue(2);
  }

  @Test
  void aClosedRegistrationHearsNothingMore() {
    AtomicInteger calls = new AtomicInteger();
    Registration registration = engine.onChange(change -> calls.incrementAndGet());
    await(engine.routes().disable(KEY, ALICE, ""));
    registration.close();
    registration.close();
    await(engine.routes().enable(KEY, ALICE, ""));
    assertThat(calls).hasValue(1);
  }

  @Test
  void aClosedRegistrationHearsNotEvenWhatIsOnItsWay() {
    Context context = verticle(ThreadingModel.WORKER);
    AtomicInteger calls = new AtomicInteger();
    Registration registration =
        on(context, () -> engine.onChange(change -> calls.incrementAndGet()));
    CompletableFuture<Void> changed = new CompletableFuture<>();
    context.runOnContext(
        v -> {
          // While this worker waits, the change is queued behind it.
          changed.join();
          registration.close();
        });
    await(engine.routes().disable(KEY, ALICE, ""));
    changed.complete(null);
    on(context, () -> null);
    assertThat(calls).hasValue(0);
  }

  @Test
  void aHandlerAddedTwiceIsTwoListeners() {
    AtomicInteger calls = new AtomicInteger();
    Handler<ShieldChange> handler = change -> calls.incrementAndGet();
    Registration first = engine.onChange(handler);
    Registration second = engine.onChange(handler);
    first.close();
    first.close();
    await(engine.routes().disable(KEY, ALICE, ""));
    assertThat(calls).hasValue(1);
    second.close();
    await(engine.routes().enable(KEY, ALICE, ""));
    assertThat(calls).hasValue(1);
  }

  @Test
  void changesArePublishedOnTheEventBus() {
    List<JsonObject> messages = new CopyOnWriteArrayList<>();
    MessageConsumer<JsonObject> consumer =
        vertx
            .eventBus()
            .consumer(
                "shield." + engine.name() + ".changes", message -> messages.add(message.body()));
    await(consumer.completion());
    await(engine.routes().disable(KEY, ALICE, ""));
    eventually(() -> assertThat(messages).hasSize(1));
    Head head = engine.snapshot().head();
    assertThat(messages.get(0))
        .isEqualTo(
            new JsonObject()
                .put("epoch", head.epoch())
                .put("revision", head.revision())
                .put(
                    "changed",
                    new JsonArray().add(new JsonObject().put("kind", "state").put("key", KEY))));
    await(consumer.unregister());
  }

  @Test
  void aClosedEngineTellsNothing() {
    AtomicInteger calls = new AtomicInteger();
    engine.onChange(change -> calls.incrementAndGet());
    ShieldEngine other = started(store);
    await(engine.close());
    await(other.routes().disable(KEY, ALICE, ""));
    assertThat(calls).hasValue(0);
  }
}
