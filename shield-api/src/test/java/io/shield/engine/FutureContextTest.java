package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On which context an engine's futures complete, and whose context it lives on. */
class FutureContextTest extends EngineTest {
  private final ScriptedBackend backend = new ScriptedBackend();

  /** Everything that answers with a future, succeeding or not. */
  private static Map<String, Function<ShieldEngine, Future<?>>> questions() {
    Map<String, Function<ShieldEngine, Future<?>>> all = new LinkedHashMap<>();
    all.put("register", engine -> engine.register(List.of(RouteState.active("GET:/a"))));
    all.put("change", engine -> engine.routes().disable("GET:/a", ALICE, ""));
    all.put("unknown route", engine -> engine.routes().disable("GET:/nowhere", ALICE, ""));
    all.put("no key", engine -> engine.routes().disable("nowhere", ALICE, ""));
    all.put("maintenance", engine -> engine.maintenance().enableGlobal(ALICE, ""));
    all.put("audit", engine -> engine.audit().newest(3));
    all.put("document", engine -> engine.documents().put("d", "x", 0));
    all.put("document's version", engine -> engine.documents().delete("d", 99));
    all.put("second start", ShieldEngine::start);
    all.put("close", ShieldEngine::close);
    all.put("close again", ShieldEngine::close);
    all.put("after close", engine -> engine.routes().disable("GET:/a", ALICE, ""));
    return all;
  }

  /** Asks one after the other from a context, and notes where the answers arrive. */
  private static Future<Map<String, Context>> ask(ShieldEngine engine) {
    Future<Map<String, Context>> places = Future.succeededFuture(new LinkedHashMap<>());
    for (var question : questions().entrySet()) {
      places =
          places.compose(
              known ->
                  question
                      .getValue()
                      .apply(engine)
                      .transform(
                          answer -> {
                            known.put(question.getKey(), Vertx.currentContext());
                            return Future.succeededFuture(known);
                          }));
    }
    return places;
  }

  private final class Asker extends VerticleBase {
    private final Promise<Map<String, Context>> places = Promise.promise();
    private Context own;

    @Override
    public Future<?> start() {
      own = context;
      ShieldEngine engine = created(on(backend));
      engine
          .start()
          .compose(
              v -> {
                assertThat(Vertx.currentContext()).isSameAs(own);
                return ask(engine);
              })
          .onComplete(places);
      return Future.succeededFuture();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ThreadingModel.class,
      names = {"EVENT_LOOP", "WORKER"})
  void theCallersContext(ThreadingModel model) {
    Asker asker = new Asker();
    await(vertx.deployVerticle(asker, new DeploymentOptions().setThreadingModel(model)));
    Map<String, Context> places = await(asker.places.future());
    assertThat(places).containsOnlyKeys(questions().keySet());
    places.forEach((question, place) -> assertThat(place).as(question).isSameAs(asker.own));
  }

  @Test
  void aDuplicatedContextIsTheCallersToo() {
    ShieldEngine engine = started(backend);
    ContextInternal request = ((ContextInternal) vertx.getOrCreateContext()).duplicate();
    Promise<Context> place = Promise.promise();
    request.runOnContext(
        v -> engine.audit().newest(1).onComplete(x -> place.complete(Vertx.currentContext())));
    assertThat(await(place.future())).isSameAs(request);
  }

  @Test
  void oneContextForCallersWithoutOne() {
    ShieldEngine engine = started(backend);
    register(engine, "GET:/a");
    Promise<Context> first = Promise.promise();
    Promise<Context> second = Promise.promise();
    engine
        .routes()
        .disable("/a", ALICE, "")
        .onComplete(x -> first.complete(Vertx.currentContext()));
    engine.audit().newest(1).onComplete(x -> second.complete(Vertx.currentContext()));
    Context place = await(first.future());
    assertThat(place.isEventLoopContext()).isTrue();
    assertThat(place.deploymentID()).isNull();
    assertThat(await(second.future())).isSameAs(place);
  }

  @Test
  void whatACallerWithoutOneBeginsIsNotOnTheEnginesEventLoop() {
    Promise<Context> engines = Promise.promise();
    backend.commit.answerOnce(
        store -> {
          engines.complete(Vertx.currentContext());
          return store.get();
        });
    ShieldEngine engine = started(backend);
    Promise<Context> place = Promise.promise();
    engine
        .register(List.of(RouteState.active("GET:/a")))
        .onComplete(x -> place.complete(Vertx.currentContext()));
    ContextInternal own = (ContextInternal) await(engines.future());
    ContextInternal others = (ContextInternal) await(place.future());
    assertThat(others.nettyEventLoop()).isNotSameAs(own.nettyEventLoop());
  }

  @Test
  void anAnswerFromAnyThreadComesBackToTheContext() throws InterruptedException {
    ShieldEngine engine = started(backend);
    register(engine, "GET:/a");
    Promise<Void> elsewhere = Promise.promise();
    backend.commit.answerOnce(store -> elsewhere.future().compose(v -> store.get()));
    Future<RouteState> change = engine.routes().disable("/a", ALICE, "");
    Promise<Boolean> onVertx = Promise.promise();
    change.onComplete(x -> onVertx.complete(Context.isOnEventLoopThread()));
    eventually(() -> assertThat(backend.commit.count()).isEqualTo(2));
    Thread thread = new Thread(elsewhere::complete);
    thread.start();
    thread.join();
    assertThat(await(onVertx.future())).isTrue();
  }

  @Test
  void anEngineOutlivesTheVerticleThatMadeIt() {
    Promise<ShieldEngine> made = Promise.promise();
    VerticleBase maker =
        new VerticleBase() {
          @Override
          public Future<?> start() {
            ShieldEngine engine = created(on(backend));
            return engine.start().onSuccess(v -> made.complete(engine));
          }
        };
    String id = await(vertx.deployVerticle(maker));
    ShieldEngine engine = await(made.future());
    await(vertx.undeploy(id));
    register(engine, "GET:/a");
    backend.hold(true);
    ShieldEngine other = started(backend.store);
    await(other.routes().disable("/a", ALICE, ""));
    // Its timer lives on: the head is polled.
    eventually(
        () -> assertThat(engine.routes().get("/a").status()).isEqualTo(RouteStatus.DISABLED));
    assertThat(ShieldEngine.get(vertx, engine.name()).name()).isEqualTo(engine.name());
  }
}
