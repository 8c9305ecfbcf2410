package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.DeclaredState;
import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.ShieldEngine;
import io.shield.error.VersionMismatchException;
import io.shield.fixtures.ForwardingBackend;
import io.shield.json.ShieldJson;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes of a store at one revision: of several that saw the same one, one is made. */
class OfRevisionTest extends EngineTest {
  private final MemoryBackend store = MemoryBackend.create();

  /** Two at two nodes, of which neither hears of the other's change before it asked for its own. */
  private enum Kind {
    DOCUMENT,
    BULK;

    Future<?> disable(ShieldEngine engine, String route, long revision) {
      if (this == DOCUMENT) {
        String text =
            "{\"shield\": 1, \"routes\": {\"" + route + "\": {\"status\": \"disabled\"}}}";
        DeclaredState.Options options = new DeclaredState.Options(false, "", revision);
        return engine.declared().apply(ShieldJson.parse("document", text), options, ALICE);
      }
      Routes.Command command = Routes.Command.of(route, new RouteAction.Disable("closed", null));
      return engine.routes().applyAll(List.of(command), revision, ALICE);
    }
  }

  /** A store that takes no commit of engines before two have asked for one. */
  private static final class Together extends ForwardingBackend {
    private final CompletableFuture<Void> both = new CompletableFuture<>();
    private final AtomicInteger commits = new AtomicInteger();

    Together(ShieldBackend store) {
      super(store);
    }

    @Override
    public Future<CommitResult> commit(Change change) {
      if (commits.incrementAndGet() == 2) {
        both.complete(null);
      }
      return Future.fromCompletionStage(both).compose(v -> super.commit(change));
    }
  }

  private void assertOneIsMade(long seen, Supplier<List<Future<?>>> both) {
    int logged = auditOf(store).size();
    List<Future<?>> made = both.get();
    await(Future.join(made).otherwiseEmpty());
    assertThat(made)
        .filteredOn(Future::failed)
        .singleElement()
        .extracting(Future::cause)
        .isInstanceOf(VersionMismatchException.class);
    assertThat(contentOf(store).head().revision()).isEqualTo(seen + 1);
    assertThat(auditOf(store)).hasSize(logged + 1);
    assertThat(contentOf(store).states().values())
        .filteredOn(state -> state.status() == RouteStatus.DISABLED)
        .hasSize(1);
  }

  private long declared() {
    ShieldEngine engine = started(on(store));
    register(engine, "GET:/a", "GET:/b");
    return engine.snapshot().head().revision();
  }

  /** Also where what they change is not the same. */
  @ParameterizedTest
  @CsvSource({"DOCUMENT, DOCUMENT", "BULK, BULK", "DOCUMENT, BULK", "BULK, DOCUMENT"})
  void ofTwoAtTwoNodesOneIsMade(Kind first, Kind second) {
    long seen = declared();
    Together together = new Together(store);
    ShieldEngine one = started(on(together));
    ShieldEngine other = started(on(together));
    assertOneIsMade(
        seen,
        () -> List.of(first.disable(one, "GET:/a", seen), second.disable(other, "GET:/b", seen)));
  }

  @ParameterizedTest
  @CsvSource({"DOCUMENT, DOCUMENT", "BULK, BULK", "DOCUMENT, BULK", "BULK, DOCUMENT"})
  void ofTwoAtOneNodeOneIsMade(Kind first, Kind second) {
    long seen = declared();
    ShieldEngine engine = started(on(store));
    assertOneIsMade(
        seen,
        () ->
            List.of(first.disable(engine, "GET:/a", seen), second.disable(engine, "GET:/b", seen)));
  }

  /** What changes nothing takes no turn. */
  @Test
  void whatIsSoAlreadyWritesNothing() {
    declared();
    ShieldEngine engine = started(on(store));
    await(Kind.DOCUMENT.disable(engine, "GET:/a", engine.snapshot().head().revision()));
    long revision = engine.snapshot().head().revision();
    await(Kind.DOCUMENT.disable(engine, "GET:/a", revision));
    assertThat(contentOf(store).head().revision()).isEqualTo(revision);
  }
}
