package io.shield.impl.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.DocumentKey;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the declarations of several sources come to. */
class MergedDeclarationsTest {
  private static final RouteState OPEN = RouteState.active("GET:/pay");
  private static final RouteState CLOSED =
      RouteState.builder("GET:/pay").status(RouteStatus.DISABLED).build();
  private static final Declarations.Route PLAIN = new Declarations.Route(OPEN, false);
  private static final Declarations.Route EXPLICIT = new Declarations.Route(CLOSED, true);

  private final MergedDeclarations declared = new MergedDeclarations();
  private final RouteSource first = new Router();
  private final RouteSource second = new Router();

  private static final class Router implements RouteSource {
    @Override
    public void refresh() {}
  }

  private static Declarations routes(Declarations.Route... routes) {
    return new Declarations(List.of(routes), List.of());
  }

  @Test
  void anExplicitDeclarationBeatsAPlainOneWhicheverComesLast() {
    declared.declare(first, routes(EXPLICIT));
    assertThat(declared.declare(second, routes(PLAIN))).isEmpty();
    assertThat(declared.states()).containsExactly(CLOSED);
    declared.declare(first, routes());
    assertThat(declared.states()).containsExactly(OPEN);
    assertThat(declared.declare(first, routes(EXPLICIT))).isNotEmpty();
    assertThat(declared.states()).containsExactly(CLOSED);
  }

  @Test
  void ofOneSourceTooTheExplicitOneCountsElseTheLast() {
    declared.declare(first, routes(EXPLICIT, PLAIN));
    assertThat(declared.states()).containsExactly(CLOSED);
    declared.declare(first, routes(EXPLICIT, new Declarations.Route(OPEN, true)));
    assertThat(declared.states()).containsExactly(OPEN);
  }

  @Test
  void sourcesThatDisagreeDoNotOverwriteEachOther() {
    declared.declare(first, routes(EXPLICIT));
    declared.declare(second, routes(new Declarations.Route(OPEN, true)));
    assertThat(declared.states()).containsExactly(OPEN);
    for (int i = 0; i < 3; i++) {
      assertThat(declared.declare(first, routes(EXPLICIT))).isEmpty();
      assertThat(declared.declare(second, routes(new Declarations.Route(OPEN, true)))).isEmpty();
    }
    Declarations.Route other = new Declarations.Route(RouteState.active("GET:/x"), false);
    assertThat(declared.declare(first, routes(EXPLICIT, other))).isNotEmpty();
    assertThat(declared.states()).containsExactly(OPEN, other.state());
  }

  @Test
  void theYoungerSourcesLimitCounts() {
    RateLimitPolicy ten = RateLimitPolicy.of("GET", "/pay", "10/minute");
    RateLimitPolicy five = RateLimitPolicy.of("GET", "/pay", "5/minute");
    declared.declare(first, new Declarations(List.of(), List.of(ten)));
    declared.declare(second, new Declarations(List.of(), List.of(five)));
    assertThat(declared.declare(first, new Declarations(List.of(), List.of(ten)))).isEmpty();
    assertThat(declared.policies()).containsExactly(five);
  }

  @Test
  void whatASourceNoLongerDeclaresIsGone() {
    Declarations.Route other = new Declarations.Route(RouteState.active("GET:/x"), false);
    declared.declare(first, routes(EXPLICIT, other));
    assertThat(declared.declare(first, routes(other)))
        .containsExactly(DocumentKey.state("GET:/pay"));
    assertThat(declared.keys()).containsExactly("GET:/x");
    assertThat(declared.declare(first, Declarations.NONE))
        .containsExactly(DocumentKey.state("GET:/x"));
    assertThat(declared.keys()).isEmpty();
  }

  @Test
  void aSourceThatIsGarbageTakesItsDeclarationsAlong() {
    declared.declare(new Router(), routes(EXPLICIT));
    await()
        .untilAsserted(
            () -> {
              System.gc();
              declared.add(first);
              assertThat(declared.keys()).isEmpty();
            });
  }

  @Test
  void everySourceIsAskedAlsoBehindOneThatThrows() {
    RouteSource broken =
        () -> {
          throw new IllegalStateException("a router that throws on purpose");
        };
    RouteSource asked =
        new RouteSource() {
          @Override
          public void refresh() {
            declared.declare(this, routes(PLAIN));
          }
        };
    Stream.of(broken, asked).forEach(declared::add);
    declared.refresh();
    assertThat(declared.states()).containsExactly(OPEN);
    assertThat(broken).isNotNull();
  }
}
