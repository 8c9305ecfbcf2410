package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.backend.file.FileBackendOptions;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.TestCaller;
import io.shield.fixtures.TestRequest;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.internal.limit.LimitedRequest;
import io.shield.internal.limit.RateLimiting;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.RateLimitHit;
import io.shield.spi.limit.RateLimitStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What engines have counted survives their end. */
class KeptLimitsTest {
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final RateLimitPolicy PAY = RateLimitPolicy.of("GET", "/pay", "2/minute");

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final MutableClock clock = MutableClock.create();
  private final WatchedOps ops = WatchedOps.withoutSyncing();
  private final RecordingLog log = new RecordingLog();
  private Path limits;

  @BeforeEach
  void place() throws Exception {
    limits = directory.toRealPath().resolve("state.json.limits");
  }

  @AfterEach
  void stop() {
    get(vertx.close());
    assertThat(ops.onEventLoops()).as("done on an event loop").isEmpty();
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(120, TimeUnit.SECONDS).join();
  }

  private FileBackendImpl backend() {
    FileBackendOptions options =
        new FileBackendOptions().setPath(directory.resolve("state.json").toString());
    return new FileBackendImpl(options, clock, ops, log);
  }

  private ShieldEngine engine() {
    return engine("limits");
  }

  private final RouteSource router = () -> {};

  private ShieldEngine engine(String name) {
    ShieldOptions options = new ShieldOptions().setName(name).setBackend(backend()).setClock(clock);
    ShieldEngine engine = ShieldEngine.create(vertx, options);
    Declarations.Route route = new Declarations.Route(RouteState.active("GET:/pay"), false);
    EngineInternals.of(engine).declare(router, new Declarations(List.of(route), List.of(PAY)));
    get(engine.start());
    return engine;
  }

  private static boolean passes(ShieldEngine engine) {
    RateLimiting limiting = EngineInternals.of(engine).limits();
    LimitedRequest request =
        new TestRequest(
            "/pay",
            HttpMethod.GET,
            limiting.of("/pay", HttpMethod.GET),
            new TestCaller("192.0.2.1"));
    return limiting.charge(request).refusal() == null;
  }

  private static void useUp(ShieldEngine engine) {
    assertThat(passes(engine)).isTrue();
    assertThat(passes(engine)).isTrue();
    assertThat(passes(engine)).isFalse();
  }

  @Test
  void aRestartKeepsWhatIsUsedUpUsedUpAndTheHits() throws Exception {
    ShieldEngine first = engine();
    useUp(first);
    get(first.close());
    assertThat(Files.getPosixFilePermissions(limits))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    clock.advance(Duration.ofSeconds(20));
    ShieldEngine second = engine();
    assertThat(passes(second)).isFalse();
    assertThat(get(second.rateLimits().hits(HitQuery.newest(10))))
        .singleElement()
        .extracting(RateLimitHit::count)
        .isEqualTo(2L);
    get(second.close());
    clock.advance(Duration.ofSeconds(40));
    ShieldEngine third = engine();
    useUp(third);
    get(third.close());
  }

  /** What a process that is killed had counted is on the disk some seconds later. */
  @Test
  void countersAreSavedWhileTheEngineRuns() {
    ShieldEngine first = engine();
    useUp(first);
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(limits).content().contains("\"refusing\":true"));
    ShieldEngine second = engine("second");
    assertThat(passes(second)).isFalse();
    get(second.close());
    get(first.close());
  }

  @Test
  void whatWasResetSinceIsNotRestored() throws Exception {
    ShieldEngine first = engine();
    useUp(first);
    get(first.close());
    byte[] before = Files.readAllBytes(limits);
    ShieldEngine second = engine();
    get(second.rateLimits().reset("/pay", "GET", ALICE));
    get(second.close());
    Files.write(limits, before); // As if the process had been killed before it saved again.
    ShieldEngine third = engine();
    useUp(third);
    get(third.close());
  }

  @Test
  void whatWasCountedBeforeItsRouteWasEnabledIsNotRestored() throws Exception {
    ShieldEngine first = engine();
    useUp(first);
    get(first.routes().disable("GET:/pay", ALICE, "repair"));
    get(first.close());
    byte[] before = Files.readAllBytes(limits);
    ShieldEngine second = engine();
    assertThat(passes(second)).isFalse();
    get(second.routes().enable("GET:/pay", ALICE, "repaired"));
    get(second.close());
    Files.write(limits, before); // As if the process had been killed before it saved again.
    ShieldEngine third = engine();
    useUp(third);
    get(third.close());
  }

  @Test
  void anotherLimitBeginsAnew() {
    ShieldEngine first = engine();
    useUp(first);
    get(first.close());
    ShieldEngine second = engine();
    assertThat(passes(second)).isFalse();
    get(second.rateLimits().set(PAY.toBuilder().limit("3/hour").build(), ALICE));
    get(second.rateLimits().reset("/pay", "GET", ALICE));
    get(second.close());
    ShieldEngine third = engine();
    assertThat(passes(third)).isTrue();
    get(third.close());
  }

  @Test
  void aBrokenFileStopsNoStart() throws Exception {
    get(engine().close());
    Files.writeString(limits, "{ broken");
    ShieldEngine engine = engine();
    useUp(engine);
    get(engine.close());
    assertThat(log.warnings()).singleElement().asString().contains(limits.toString());
    ShieldEngine again = engine();
    assertThat(passes(again)).isFalse();
    get(again.close());
  }

  @Test
  void aFloodIsWrittenOnceASecondAtMostAndAllOfItIsSeenAtOnce() {
    FileBackendImpl backend = backend();
    get(backend.startup(vertx));
    RateLimitStore one = backend.rateLimitStore();
    RateLimitStore other = backend.rateLimitStore();
    long begin = System.nanoTime();
    for (int i = 0; i < 500; i++) {
      get(one.record(List.of(hit("a" + i))));
      get(other.record(List.of(hit("b" + i))));
    }
    assertThat(get(one.hits(HitQuery.newest(10))))
        .singleElement()
        .extracting(RateLimitHit::count)
        .isEqualTo(1000L);
    long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
    assertThat(ops.count("rename state.json.limits")).isLessThanOrEqualTo(seconds + 1);
    get(backend.shutdown());
    FileBackendImpl next = backend();
    get(next.startup(vertx));
    assertThat(get(next.rateLimitStore().hits(HitQuery.newest(10)))).hasSize(1);
    assertThat(get(next.rateLimitStore().hits(HitQuery.newest(10))).get(0).count()).isEqualTo(1000);
    get(next.shutdown());
  }

  private RateLimitHit hit(String id) {
    return new RateLimitHit(
        id,
        clock.instant(),
        "/pay",
        "GET",
        "ip:192.0.2.1",
        "2/minute",
        null,
        clock.instant().plusSeconds(60),
        1,
        null);
  }
}
