package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.RouteAction;
import io.shield.Routes.RouteView;
import io.shield.ShieldEngine;
import io.shield.error.AmbiguousRouteException;
import io.shield.error.InvalidValueException;
import io.shield.error.UnknownRouteException;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Snapshot;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How people name routes. */
class RouteResolutionTest extends EngineTest {
  private final MutableClock clock = MutableClock.create();
  private final MemoryBackend store = MemoryBackend.create();
  private ShieldEngine engine;

  @BeforeEach
  void start() {
    engine = started(on(store).setClock(clock));
    register(engine, "GET:/payments", "GET:/orders", "POST:/orders", "/reports");
  }

  private Throwable unresolved(String route) {
    Snapshot before = contentOf(store);
    Throwable failure = failureOf(engine.routes().disable(route, ALICE, ""));
    assertThatThrownBy(() -> engine.routes().get(route)).hasSameClassAs(failure);
    assertThat(contentOf(store)).isEqualTo(before);
    assertThat(auditOf(store)).isEmpty();
    return failure;
  }

  @Test
  void aKeyNamesItsRoute() {
    assertThat(await(engine.routes().disable("GET:/orders", ALICE, "")).path())
        .isEqualTo("GET:/orders");
    assertThat(engine.routes().get("POST:/orders").status()).isEqualTo(RouteStatus.ACTIVE);
  }

  @Test
  void aBarePathNamesTheOnlyRouteThatHasIt() {
    assertThat(engine.routes().get("/payments").state().path()).isEqualTo("GET:/payments");
    assertThat(await(engine.routes().disable("/payments", ALICE, "")).path())
        .isEqualTo("GET:/payments");
    assertThat(auditOf(store)).extracting(AuditEntry::path).containsExactly("GET:/payments");
  }

  @Test
  void aBarePathOfAnAllMethodsRouteNamesThatOne() {
    register(engine, "GET:/reports");
    assertThat(await(engine.routes().disable("/reports", ALICE, "")).path()).isEqualTo("/reports");
  }

  @Test
  void aBarePathOfSeveralRoutesIsAmbiguous() {
    assertThat(unresolved("/orders"))
        .isInstanceOfSatisfying(
            AmbiguousRouteException.class,
            e -> assertThat(e.matches()).containsExactly("GET:/orders", "POST:/orders"))
        .hasMessageContainingAll("'/orders'", "GET:/orders, POST:/orders", "full key");
  }

  @Test
  void anUnknownRouteBringsCloseNames() {
    assertThat(unresolved("GET:/payment"))
        .isInstanceOfSatisfying(
            UnknownRouteException.class, e -> assertThat(e.route()).isEqualTo("GET:/payment"))
        .hasMessageContaining("Did you mean GET:/payments");
    assertThat(unresolved("/paymets")).hasMessageContaining("Did you mean GET:/payments?");
    assertThat(unresolved("DELETE:/orders")).hasMessageContaining("GET:/orders");
    assertThat(unresolved("/something-else-entirely"))
        .isInstanceOf(UnknownRouteException.class)
        .hasMessageContaining("shield status");
  }

  @Test
  void whatIsNoKeyIsRefusedAsSuch() {
    assertThat(unresolved("payments"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("route", "'payments'", "METHOD:/path");
    assertThat(unresolved("")).isInstanceOf(InvalidValueException.class);
    assertThat(unresolved("__shield:global__")).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aMethodOfAnAllMethodsRouteGetsAStateOfItsOwn() {
    await(engine.routes().envGate("/reports", ALICE, List.of("staging")));
    RouteState all = engine.snapshot().state("/reports");
    RouteState own = await(engine.routes().disable("POST:/reports", ALICE, "writes off"));
    assertThat(own.path()).isEqualTo("POST:/reports");
    assertThat(own.allowedEnvs()).containsExactly("staging");
    assertThat(engine.snapshot().state("/reports")).isEqualTo(all);
    AuditEntry entry = auditOf(store).get(0);
    assertThat(entry.path()).isEqualTo("POST:/reports");
    assertThat(entry.previousStatus()).isEqualTo(RouteStatus.ENV_GATED);
    assertThat(entry.nextStatus()).isEqualTo(RouteStatus.DISABLED);
    await(engine.routes().enable("POST:/reports", ALICE, ""));
    assertThat(engine.snapshot().states()).containsKeys("/reports", "POST:/reports");
  }

  @Test
  void nothingToCancelOnAMethodOfAnAllMethodsRoute() {
    Snapshot before = contentOf(store);
    RouteState state = await(engine.routes().cancelSchedule("PUT:/reports", ALICE));
    assertThat(state.path()).isEqualTo("PUT:/reports");
    assertThat(state.status()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(state.version()).isZero();
    assertThat(contentOf(store)).isEqualTo(before);
  }

  @Test
  void cancellingForOneMethodKeepsTheWindowOfTheOthers() {
    MaintenanceWindow window =
        new MaintenanceWindow(
            clock.instant().plusSeconds(60), clock.instant().plusSeconds(120), "");
    await(engine.routes().schedule("/reports", ALICE, window));
    assertThat(await(engine.routes().cancelSchedule("PUT:/reports", ALICE)).window()).isNull();
    clock.advance(Duration.ofSeconds(60));
    assertThat(engine.routes().get("PUT:/reports").status()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(engine.routes().get("/reports").status()).isEqualTo(RouteStatus.MAINTENANCE);
  }

  @Test
  void aServicesRouteIsNamedWithTheService() {
    register(engine, "billing:GET:/invoices");
    assertThat(await(engine.routes().disable("billing:GET:/invoices", ALICE, "")).path())
        .isEqualTo("billing:GET:/invoices");
    assertThat(engine.routes().get("billing:/invoices").state().path())
        .isEqualTo("billing:GET:/invoices");
    assertThat(engine.routes().get("/invoices").state().path()).isEqualTo("billing:GET:/invoices");
    assertThatThrownBy(() -> engine.routes().get("other:/invoices"))
        .isInstanceOf(UnknownRouteException.class);
  }

  /** HEAD has followed GET until then, and is not opened by what does not open it. */
  @Test
  void aStateOfHeadBeginsAsThatOfGet() {
    MaintenanceWindow later =
        new MaintenanceWindow(clock.instant().plusSeconds(60), clock.instant().plusSeconds(90), "");
    for (RouteAction action :
        List.of(new RouteAction.Canary(0, ""), new RouteAction.Schedule(later))) {
      String path = "/" + action.getClass().getSimpleName();
      register(engine, path);
      await(engine.routes().disable("GET:" + path, ALICE, "wrong sums"));
      RouteState head = await(engine.routes().apply("HEAD:" + path, action, ALICE));
      assertThat(head.path()).isEqualTo("HEAD:" + path);
      assertThat(head.status()).isEqualTo(RouteStatus.DISABLED);
      assertThat(engine.routes().get("HEAD:" + path).status()).isEqualTo(RouteStatus.DISABLED);
      assertThat(engine.routes().get("PUT:" + path).status()).isEqualTo(RouteStatus.ACTIVE);
    }
  }

  @Test
  void routesAreListedInTheOrderInWhichTheyBecameKnown() {
    register(engine, "GET:/alpha");
    assertThat(engine.routes().list())
        .extracting(view -> view.state().path())
        .containsExactly("GET:/payments", "GET:/orders", "POST:/orders", "/reports", "GET:/alpha");
    await(engine.routes().disable("GET:/orders", ALICE, ""));
    assertThat(engine.routes().list())
        .extracting(RouteView::status)
        .containsExactly(
            RouteStatus.ACTIVE,
            RouteStatus.DISABLED,
            RouteStatus.ACTIVE,
            RouteStatus.ACTIVE,
            RouteStatus.ACTIVE);
  }
}
