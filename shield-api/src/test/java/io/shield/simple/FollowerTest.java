package io.shield.simple;

import static io.shield.simple.Answers.accepted;
import static io.shield.simple.Answers.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.MemorySimpleBackend;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.RandomModel;
import io.shield.fixtures.Seeds;
import io.shield.model.RouteState;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another process sees while the writing one writes. */
class FollowerTest {
  private final MemorySimpleBackend store = new MemorySimpleBackend();
  private final MutableClock clock = MutableClock.create();
  private final Vertx vertx = Vertx.vertx();
  private final RandomModel model = new RandomModel(new Random(1));

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private ShieldBackend writer() {
    ShieldBackend writer = SimpleBackends.adapt(store, clock);
    now(writer.startup(vertx));
    return writer;
  }

  @Test
  void seesWhatIsWritten() {
    ShieldBackend writer = writer();
    ShieldBackend follower = SimpleBackends.follow(store);
    Snapshot snapshot = now(writer.load());
    for (int i = 0; i < 30; i++) {
      snapshot = snapshot.apply(accepted(writer, model.change(snapshot)));

      assertThat(now(follower.load())).isEqualTo(snapshot);
      assertThat(now(follower.head())).isEqualTo(snapshot.head());
    }
    assertThat(now(follower.auditLog(AuditQuery.newest(100))))
        .isEqualTo(now(writer.auditLog(AuditQuery.newest(100))));
  }

  @Test
  void refusesChangesAndWritesNothing() {
    writer();
    var before = store.raw();

    Future<CommitResult> refused =
        SimpleBackends.follow(store).commit(model.change(now(writer().load())));

    assertThat(refused.cause())
        .isInstanceOf(ChangeRefusedException.class)
        .hasMessageContaining("only follows");
    assertThat(store.raw()).isEqualTo(before);
  }

  @Test
  void isUnreachableUntilTheWritingProcessStarted() {
    ShieldBackend follower = SimpleBackends.follow(store);
    store.putRaw("/a", "{\"path\": \"/a\"}");

    now(follower.startup(vertx));
    assertThat(follower.load().cause()).isInstanceOf(StoreUnreachableException.class);
    assertThat(follower.head().cause())
        .isInstanceOf(StoreUnreachableException.class)
        .hasMessageContaining("__shield:head__");

    writer();
    assertThat(now(follower.load()).states()).containsOnlyKeys("/a");
  }

  /**
   * The writing process moves on by some calls before each call of the follower, and in the middle
   * of its listing, which takes one half of the states earlier than the other.
   */
  @Test
  void neverSeesHalfAChangeHoweverTheCallsInterleave() {
    Random random = Seeds.random("interleaved follower");
    writer();
    int repeated = 0;
    for (int round = 0; round < 80; round++) {
      SteppedSimpleBackend stepped = new SteppedSimpleBackend(store);
      ShieldBackend writer = SimpleBackends.adapt(stepped, clock);
      Future<Void> started = writer.startup(vertx);
      stepped.finish();
      now(started);
      List<Snapshot> history = commitThree(writer);
      Runnable progress =
          () -> {
            for (int i = random.nextInt(random.nextBoolean() ? 3 : 14); i > 0; i--) {
              stepped.step();
            }
          };
      ShieldBackend follower = SimpleBackends.follow(new Torn(store, progress, random));

      long last = 0;
      for (int i = 0; i < 6; i++) {
        progress.run();
        Future<Snapshot> loaded = follower.load();
        if (loaded.failed()) {
          assertThat(loaded.cause()).isInstanceOf(StoreUnreachableException.class);
          repeated++;
          continue;
        }
        Snapshot seen = loaded.result();
        assertWhole(seen, history);
        assertThat(seen.head().revision()).isGreaterThanOrEqualTo(last);
        last = now(SimpleBackends.follow(store).head()).revision();
        assertThat(last).isGreaterThanOrEqualTo(seen.head().revision());
      }
      stepped.finish();
    }
    assertThat(repeated).as("loads given up").isLessThan(80 * 6);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void aListingDuringWhichAChangeMovesOnIsTakenAgain(int steps) {
    SteppedSimpleBackend stepped = new SteppedSimpleBackend(store);
    ShieldBackend writer = SimpleBackends.adapt(stepped, clock);
    Future<Void> started = writer.startup(vertx);
    stepped.finish();
    now(started);
    List<Snapshot> history = commitThree(writer);
    stepped.step();
    SimpleBackend torn =
        new Passing(store) {
          private boolean moved;

          @Override
          public Future<List<RouteState>> listStates() {
            List<RouteState> early = now(store.listStates());
            for (int i = 0; !moved && i < steps; i++) {
              stepped.step();
            }
            moved = true;
            Map<String, RouteState> mixed = byKey(early);
            now(store.listStates()).stream()
                .filter(state -> !state.path().equals("/a") && !isReserved(state))
                .forEach(state -> mixed.put(state.path(), state));
            return Future.succeededFuture(List.copyOf(mixed.values()));
          }
        };

    assertWhole(now(SimpleBackends.follow(torn).load()), history);
    stepped.finish();
  }

  private static boolean isReserved(RouteState state) {
    return state.path().startsWith("__shield:");
  }

  private static Map<String, RouteState> byKey(List<RouteState> states) {
    return states.stream()
        .collect(
            Collectors.toMap(RouteState::path, Function.identity(), (a, b) -> b, TreeMap::new));
  }

  /** Queues three changes, and tells the contents before, between and after them. */
  private List<Snapshot> commitThree(ShieldBackend writer) {
    Snapshot snapshot = now(SimpleBackends.follow(store).load());
    List<Snapshot> history = new ArrayList<>(List.of(snapshot));
    for (int i = 0; i < 3; i++) {
      Change change = wideChange(snapshot);
      writer.commit(change);
      snapshot = snapshot.apply(Commit.following(snapshot.head(), "c" + i, change));
      history.add(snapshot);
    }
    return history;
  }

  /** Touches every route, so that a mixture of two moments shows. */
  private Change wideChange(Snapshot snapshot) {
    List<Edit> edits = new ArrayList<>();
    String mark = model.id();
    for (String route : List.of("/a", "/b", "/c", "/d", "/e")) {
      DocumentKey key = DocumentKey.state(route);
      edits.add(
          new Edit(key, snapshot.version(key), RouteState.builder(route).reason(mark).build()));
    }
    return new Change(mark, edits, List.of());
  }

  private static void assertWhole(Snapshot seen, List<Snapshot> history) {
    Snapshot then = history.get((int) (seen.head().revision() - history.get(0).head().revision()));
    assertThat(seen.content()).isEqualTo(then.content());
  }

  private static class Passing extends HookedSimpleBackend {
    Passing(MemorySimpleBackend store) {
      super(store);
    }

    @Override
    <T> Future<T> through(Supplier<Future<T>> call) {
      return call.get();
    }
  }

  /** Something happens before each call, and in a listing, which mixes two moments. */
  private static final class Torn extends HookedSimpleBackend {
    private final MemorySimpleBackend store;
    private final Runnable meanwhile;
    private final Random random;

    Torn(MemorySimpleBackend store, Runnable meanwhile, Random random) {
      super(store);
      this.store = store;
      this.meanwhile = meanwhile;
      this.random = random;
    }

    @Override
    <T> Future<T> through(Supplier<Future<T>> call) {
      meanwhile.run();
      return call.get();
    }

    @Override
    public Future<List<RouteState>> listStates() {
      meanwhile.run();
      Map<String, RouteState> early = byKey(now(store.listStates()));
      meanwhile.run();
      Map<String, RouteState> late = byKey(now(store.listStates()));
      Set<String> keys = new TreeSet<>(early.keySet());
      keys.addAll(late.keySet());
      return Future.succeededFuture(
          keys.stream()
              .map(key -> (random.nextBoolean() ? early : late).get(key))
              .filter(Objects::nonNull)
              .toList());
    }
  }
}
