package io.shield.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.decision.Decision.Deprecation;
import io.shield.error.InvalidValueException;
import io.shield.model.MaintenanceMode;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeciderTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Site DEV = new Site("dev", null);
  private static final Site PAY = new Site("dev", "pay");

  /** A store that holds what a test needs. */
  private static final class Store {
    private final Map<DocumentKey, Versioned<?>> content = new LinkedHashMap<>();

    static Store with(RouteState.Builder... states) {
      Store store = new Store();
      for (RouteState.Builder builder : states) {
        RouteState state = builder.build();
        store.content.put(DocumentKey.state(state.path()), new Versioned<>(state, 1));
      }
      return store;
    }

    Store global(MaintenanceMode mode) {
      content.put(DocumentKey.globalMaintenance(), new Versioned<>(mode, 1));
      return this;
    }

    Store service(String name, MaintenanceMode mode) {
      content.put(DocumentKey.serviceMaintenance(name), new Versioned<>(mode, 1));
      return this;
    }

    Decision decide(Site site, @Nullable String method, String template) {
      return decide(site, method, template, Caller.UNKNOWN, NOW);
    }

    Decision decide(
        Site site, @Nullable String method, String template, Caller caller, Instant now) {
      Snapshot snapshot = Snapshot.of(new Head("e", 1, "c"), content);
      return Decider.decide(snapshot, site, new Decider.Request(method, template, caller), now);
    }
  }

  private static RouteState.Builder state(String key, RouteStatus status) {
    return RouteState.builder(key).status(status).reason(key);
  }

  private static RouteState.Builder disabled(String key) {
    return state(key, RouteStatus.DISABLED);
  }

  private static RouteState.Builder active(String key) {
    return state(key, RouteStatus.ACTIVE);
  }

  private static MaintenanceMode exempting(String... entries) {
    return new MaintenanceMode(true, "wide", List.of(entries), false);
  }

  private static Decision refusedBy(String stateKey) {
    return new Decision.Disabled(stateKey, null);
  }

  private static Decision.Maintenance wide(Decision.Scope scope, String reason) {
    return new Decision.Maintenance(scope, reason, null);
  }

  // --- order ---

  @Test
  void whatNothingIsKnownAboutIsActive() {
    assertThat(new Store().decide(PAY, "GET", "/x")).isEqualTo(Decision.ALLOW);
    assertThat(Store.with(disabled("GET:/y")).decide(PAY, "GET", "/x")).isEqualTo(Decision.ALLOW);
  }

  @Test
  void globalThenServiceThenRoute() {
    Store all =
        Store.with(disabled("GET:/x"))
            .global(MaintenanceMode.on("fleet"))
            .service("pay", MaintenanceMode.on("service"));

    assertThat(all.decide(PAY, "GET", "/x")).isEqualTo(wide(Decision.Scope.GLOBAL, "fleet"));
    all.global(MaintenanceMode.OFF);
    assertThat(all.decide(PAY, "GET", "/x")).isEqualTo(wide(Decision.Scope.SERVICE, "service"));
    all.service("pay", MaintenanceMode.OFF);
    assertThat(all.decide(PAY, "GET", "/x")).isEqualTo(refusedBy("GET:/x"));
  }

  @Test
  void maintenanceClosesRoutesNobodyDeclared() {
    assertThat(new Store().global(MaintenanceMode.on("fleet")).decide(DEV, "GET", "/x"))
        .isEqualTo(wide(Decision.Scope.GLOBAL, "fleet"));
    assertThat(new Store().service("pay", MaintenanceMode.on("s")).decide(PAY, "GET", "/x"))
        .isEqualTo(wide(Decision.Scope.SERVICE, "s"));
  }

  @Test
  void aRouteThatFleetAndServiceExemptStillHasItsOwnGate() {
    Store store =
        Store.with(disabled("GET:/x")).global(exempting("/x")).service("pay", exempting("GET:/x"));

    assertThat(store.decide(PAY, "GET", "/x")).isEqualTo(refusedBy("GET:/x"));
  }

  @Test
  void anExemptionFromTheFleetsIsNoneFromTheServices() {
    Store store = new Store().global(exempting("/x")).service("pay", MaintenanceMode.on("service"));

    assertThat(store.decide(PAY, "GET", "/x")).isEqualTo(wide(Decision.Scope.SERVICE, "service"));
  }

  // --- which state ---

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      useHeadersInDisplayName = true,
      value = {
        "states,                     method,   governed by",
        "/x,                         GET,      /x",
        "/x,                         PURGE,    /x",
        "/x,                         -,        /x",
        "GET:/x,                     GET,      GET:/x",
        "GET:/x,                     HEAD,     GET:/x",
        "GET:/x,                     POST,     -",
        "GET:/x,                     -,        -",
        "POST:/x,                    HEAD,     -",
        "HEAD:/x,                    GET,      -",
        "HEAD:/x GET:/x,             HEAD,     HEAD:/x",
        "HEAD:/x GET:/x,             GET,      GET:/x",
        "GET:/x /x,                  GET,      GET:/x",
        "GET:/x /x,                  HEAD,     GET:/x",
        "GET:/x /x,                  POST,     /x",
        "GET:/x /x,                  -,        /x",
        "/x HEAD:/x,                 HEAD,     HEAD:/x",
        "/x HEAD:/x,                 GET,      /x",
        "M-SEARCH:/x /x,             M-SEARCH, M-SEARCH:/x",
        "GET:/x/:id,                 GET,      -",
        "pay:GET:/x,                 GET,      -",
      })
  void oneStateGoverns(String states, @Nullable String method, @Nullable String governing) {
    RouteState.Builder[] builders =
        Arrays.stream(states.split(" ", -1))
            .map(DeciderTest::disabled)
            .toArray(RouteState.Builder[]::new);

    assertThat(Store.with(builders).decide(DEV, method, "/x"))
        .isEqualTo(governing == null ? Decision.ALLOW : refusedBy(governing));
  }

  @Test
  void anActiveMethodStateOverridesADisabledPathState() {
    Store store = Store.with(active("GET:/x"), disabled("/x"));

    assertThat(store.decide(DEV, "GET", "/x")).isEqualTo(Decision.ALLOW);
    assertThat(store.decide(DEV, "HEAD", "/x")).isEqualTo(Decision.ALLOW);
    assertThat(store.decide(DEV, "POST", "/x")).isEqualTo(refusedBy("/x"));
  }

  @Test
  void aDisabledMethodStateOverridesAnActivePathState() {
    Store store = Store.with(disabled("GET:/x"), active("/x"));

    assertThat(store.decide(DEV, "GET", "/x")).isEqualTo(refusedBy("GET:/x"));
    assertThat(store.decide(DEV, "POST", "/x")).isEqualTo(Decision.ALLOW);
  }

  // --- exempt paths ---

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      useHeadersInDisplayName = true,
      value = {
        "entry,       service, method, exempt",
        "/x,          -,       GET,    true",
        "/x,          -,       POST,   true",
        "/x,          -,       HEAD,   true",
        "/x,          -,       PURGE,  true",
        "/x,          -,       -,      true",
        "/x,          pay,     GET,    true",
        "GET:/x,      -,       GET,    true",
        "GET:/x,      pay,     GET,    true",
        "GET:/x,      -,       HEAD,   true",
        "GET:/x,      -,       POST,   false",
        "GET:/x,      -,       -,      false",
        "HEAD:/x,     -,       HEAD,   true",
        "HEAD:/x,     -,       GET,    false",
        "pay:/x,      pay,     GET,    true",
        "pay:/x,      pay,     -,      true",
        "pay:/x,      stock,   GET,    false",
        "pay:/x,      -,       GET,    false",
        "pay:GET:/x,  pay,     GET,    true",
        "pay:GET:/x,  pay,     HEAD,   true",
        "pay:GET:/x,  pay,     POST,   false",
        "pay:GET:/x,  stock,   GET,    false",
        "pay:GET:/x,  -,       GET,    false",
        "/x/,         -,       GET,    false",
        "/X,          -,       GET,    false",
        "x,           -,       GET,    false",
        "/,           -,       GET,    false",
        "/*,          -,       GET,    false",
        "/xy,         -,       GET,    false",
        "get:/x,      -,       GET,    false",
        "GET /x,      -,       GET,    false",
      })
  void exemptPathsStayOpen(
      String entry, @Nullable String service, @Nullable String method, boolean exempt) {
    Site site = new Site("dev", service);
    Store fleet = new Store().global(exempting(entry));

    assertThat(fleet.decide(site, method, "/x"))
        .isEqualTo(exempt ? Decision.ALLOW : wide(Decision.Scope.GLOBAL, "wide"));
    if (service != null) {
      Store own = new Store().service(service, exempting(entry));
      assertThat(own.decide(site, method, "/x"))
          .isEqualTo(exempt ? Decision.ALLOW : wide(Decision.Scope.SERVICE, "wide"));
    }
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true"})
  void forceActiveRoutesStayOpenUnlessIncluded(boolean included, boolean open) {
    MaintenanceMode mode = new MaintenanceMode(true, "wide", List.of(), included);
    RouteState.Builder health = active("GET:/health").forceActive(true);

    Decision fleet = Store.with(health).global(mode).decide(PAY, "GET", "/health");
    Decision service = Store.with(health).service("pay", mode).decide(PAY, "GET", "/health");

    assertThat(fleet).isEqualTo(open ? Decision.ALLOW : wide(Decision.Scope.GLOBAL, "wide"));
    assertThat(service).isEqualTo(open ? Decision.ALLOW : wide(Decision.Scope.SERVICE, "wide"));
  }

  @Test
  void anExemptPathStaysOpenAlsoWhereForceActiveIsIncluded() {
    MaintenanceMode mode = new MaintenanceMode(true, "wide", List.of("/health"), true);

    assertThat(
            Store.with(active("GET:/health").forceActive(true))
                .global(mode)
                .decide(DEV, "GET", "/health"))
        .isEqualTo(Decision.ALLOW);
  }

  // --- whose service ---

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      emptyValue = "",
      useHeadersInDisplayName = true,
      value = {
        "site,  state's, closed",
        "pay,   -,       true",
        "pay,   '',      true",
        "pay,   pay,     true",
        "pay,   stock,   false",
        "stock, -,       false",
        "stock, pay,     true",
        "-,     pay,     true",
        "-,     '',      false",
        "-,     -,       false",
      })
  void theStatesServiceCountsThenTheSites(
      @Nullable String site, @Nullable String own, boolean closed) {
    Store store =
        Store.with(active("GET:/x").service(own)).service("pay", MaintenanceMode.on("service"));

    assertThat(store.decide(new Site("dev", site), "GET", "/x"))
        .isEqualTo(closed ? wide(Decision.Scope.SERVICE, "service") : Decision.ALLOW);
  }

  // --- a route's own gate ---

  @ParameterizedTest
  @CsvSource({
    "dev, dev, true",
    "dev, dev staging, true",
    "staging, dev staging, true",
    "production, dev staging, false",
    "Dev, dev, false",
    "dev, development, false",
  })
  void isOpenInItsEnvironmentsOnly(String environment, String allowed, boolean open) {
    List<String> envs = List.of(allowed.split(" ", -1));
    Store store = Store.with(state("GET:/x", RouteStatus.ENV_GATED).allowedEnvs(envs));

    assertThat(store.decide(new Site(environment, null), "GET", "/x"))
        .isEqualTo(open ? Decision.ALLOW : new Decision.EnvGated(environment, envs));
  }

  @Test
  void anEnvironmentGateWithoutEnvironmentsIsClosedEverywhere() {
    assertThat(Store.with(state("GET:/x", RouteStatus.ENV_GATED)).decide(DEV, "GET", "/x"))
        .isEqualTo(new Decision.EnvGated("dev", List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      useHeadersInDisplayName = true,
      value = {
        "sunset                        | announced",
        "Sat, 01 Jan 2028 00:00:00 GMT | 2028-01-01T00:00:00Z",
        "2028-01-01T00:00:00Z          | 2028-01-01T00:00:00Z",
        "2028-01-01T02:00:00+02:00     | 2028-01-01T00:00:00Z",
        "next year                     | -",
        "2028-01-01                    | -",
        "-                             | -",
      })
  void aDeprecatedRouteIsServedWithANotice(@Nullable String sunset, @Nullable Instant announced) {
    Store store =
        Store.with(
            state("GET:/x", RouteStatus.DEPRECATED)
                .sunsetDate(sunset)
                .successorPath("/v2/x")
                .deprecatedAt(NOW.minusSeconds(5))
                .since(NOW.minusSeconds(9)));

    assertThat(store.decide(DEV, "GET", "/x"))
        .isEqualTo(new Decision.Allow(new Deprecation(NOW.minusSeconds(5), announced, "/v2/x")));
  }

  @Test
  void sinceWhenARouteIsDeprecatedFallsBack() {
    RouteState.Builder old = state("GET:/x", RouteStatus.DEPRECATED);

    assertThat(Store.with(old.since(NOW)).decide(DEV, "GET", "/x"))
        .isEqualTo(new Decision.Allow(new Deprecation(NOW, null, null)));
    assertThat(Store.with(old.since(null)).decide(DEV, "GET", "/x"))
        .isEqualTo(new Decision.Allow(new Deprecation(Instant.EPOCH, null, null)));
  }

  @Test
  void aMaintenanceSaysWhyAndUntilWhen() {
    RouteState.Builder open = state("GET:/x", RouteStatus.MAINTENANCE).reason("own");
    Instant later = NOW.plusSeconds(60);

    assertThat(Store.with(open).decide(DEV, "GET", "/x"))
        .isEqualTo(new Decision.Maintenance(Decision.Scope.ROUTE, "own", null));
    assertThat(Store.with(open.until(later)).decide(DEV, "GET", "/x"))
        .isEqualTo(new Decision.Maintenance(Decision.Scope.ROUTE, "own", later));
    assertThat(
            Store.with(open.until(null).window(new MaintenanceWindow(NOW, later, "planned")))
                .decide(DEV, "GET", "/x"))
        .isEqualTo(new Decision.Maintenance(Decision.Scope.ROUTE, "planned", later));
    assertThat(
            Store.with(open.window(new MaintenanceWindow(NOW, later, ""))).decide(DEV, "GET", "/x"))
        .isEqualTo(new Decision.Maintenance(Decision.Scope.ROUTE, "own", later));
  }

  @Test
  void aDisabledRouteSaysUntilWhen() {
    Instant later = NOW.plusSeconds(60);

    assertThat(Store.with(disabled("GET:/x").until(later)).decide(DEV, "GET", "/x"))
        .isEqualTo(new Decision.Disabled("GET:/x", later));
    assertThat(Store.with(disabled("GET:/x").until(NOW)).decide(DEV, "GET", "/x"))
        .isEqualTo(Decision.ALLOW);
  }

  // --- exemptions ---

  private static Caller from(String address) {
    return new TestCaller().address(address);
  }

  @ParameterizedTest
  @EnumSource(
      value = RouteStatus.class,
      names = {"MAINTENANCE", "DISABLED", "ENV_GATED"})
  void anExemptCallerPassesTheRoutesOwnGate(RouteStatus status) {
    Store store = Store.with(state("GET:/x", status).allowedIps(List.of("10.0.0.0/8")));

    assertThat(store.decide(DEV, "GET", "/x", from("10.1.2.3"), NOW)).isEqualTo(Decision.ALLOW);
    assertThat(store.decide(DEV, "GET", "/x", from("11.1.2.3"), NOW))
        .isInstanceOf(Decision.Refusal.class);
  }

  @Test
  void nobodyPassesTheMaintenanceOfFleetAndService() {
    RouteState.Builder open =
        active("GET:/x")
            .allowedIps(List.of("0.0.0.0/0"))
            .allowedRoles(List.of("admin"))
            .canaryPercentage(100);
    Caller admin = new TestCaller().address("10.1.2.3").user("alice").roles("admin");

    assertThat(
            Store.with(open)
                .global(MaintenanceMode.on("fleet"))
                .decide(PAY, "GET", "/x", admin, NOW))
        .isEqualTo(wide(Decision.Scope.GLOBAL, "fleet"));
    assertThat(
            Store.with(open)
                .service("pay", MaintenanceMode.on("s"))
                .decide(PAY, "GET", "/x", admin, NOW))
        .isEqualTo(wide(Decision.Scope.SERVICE, "s"));
  }

  @Test
  void anExemptCallerOfADeprecatedRouteIsStillTold() {
    Store store =
        Store.with(
            state("GET:/x", RouteStatus.DEPRECATED).since(NOW).allowedIps(List.of("10.0.0.1")));

    assertThat(store.decide(DEV, "GET", "/x", from("10.0.0.1"), NOW))
        .isEqualTo(new Decision.Allow(new Deprecation(NOW, null, null)));
  }

  /** Also in a window that closes it to all others, for as long as it is deprecated. */
  @Test
  void whoPassesAWindowOfADeprecatedRouteIsTold() {
    Store store =
        Store.with(
            state("GET:/x", RouteStatus.DEPRECATED)
                .since(NOW)
                .until(NOW.plusSeconds(10))
                .window(new MaintenanceWindow(NOW, NOW.plusSeconds(60), "db"))
                .allowedIps(List.of("10.0.0.1")));

    assertThat(store.decide(DEV, "GET", "/x", from("10.0.0.2"), NOW))
        .isInstanceOf(Decision.Maintenance.class);
    assertThat(store.decide(DEV, "GET", "/x", from("10.0.0.1"), NOW))
        .isEqualTo(new Decision.Allow(new Deprecation(NOW, null, null)));
    assertThat(store.decide(DEV, "GET", "/x", from("10.0.0.1"), NOW.plusSeconds(10)))
        .isEqualTo(Decision.ALLOW);
  }

  // --- what the original got wrong ---

  private static RouteState.Builder tomorrow(RouteStatus base) {
    return state("GET:/x", base)
        .window(new MaintenanceWindow(NOW.plusSeconds(86_400), NOW.plusSeconds(90_000), "db"));
  }

  @ParameterizedTest
  @EnumSource(
      value = RouteStatus.class,
      names = {"ACTIVE", "MAINTENANCE"})
  void aWindowSetForTomorrowLeavesTheRouteOpenToday(RouteStatus base) {
    assertThat(Store.with(tomorrow(base)).decide(DEV, "GET", "/x")).isEqualTo(Decision.ALLOW);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 86_399, 86_400, 89_999, 90_000, 1_000_000})
  void aRouteDisabledBeforeOrDuringAWindowStaysDisabled(long seconds) {
    assertThat(
            Store.with(tomorrow(RouteStatus.DISABLED))
                .decide(DEV, "GET", "/x", Caller.UNKNOWN, NOW.plusSeconds(seconds)))
        .isEqualTo(refusedBy("GET:/x"));
  }

  @ParameterizedTest
  @ValueSource(longs = {90_000, 90_001, 1_000_000_000})
  void aWindowEndsWhetherOrNotAnybodyRunsAtItsEnd(long seconds) {
    for (RouteStatus base : List.of(RouteStatus.ACTIVE, RouteStatus.MAINTENANCE)) {
      assertThat(
              Store.with(tomorrow(base))
                  .decide(DEV, "GET", "/x", Caller.UNKNOWN, NOW.plusSeconds(seconds)))
          .isEqualTo(Decision.ALLOW);
    }
  }

  @Test
  void aWindowThatEndsBeforeItStartsIsRefused() {
    for (Instant end : List.of(NOW, NOW.minusNanos(1))) {
      assertThatThrownBy(() -> new MaintenanceWindow(NOW, end, ""))
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContainingAll("end", end.toString(), "later than start (" + NOW + ")");
    }
  }

  @Test
  void untilOnADisabledRouteLeavesItDisabledNotInMaintenance() {
    assertThat(Store.with(disabled("GET:/x").until(NOW.plusSeconds(1))).decide(DEV, "GET", "/x"))
        .isInstanceOf(Decision.Disabled.class);
  }

  @Test
  void forceActiveOnGetLeavesPostOfThePathGoverned() {
    Store store =
        Store.with(active("GET:/x").forceActive(true), disabled("POST:/x"), disabled("/x"));

    assertThat(store.decide(DEV, "GET", "/x")).isEqualTo(Decision.ALLOW);
    assertThat(store.decide(DEV, "HEAD", "/x")).isEqualTo(Decision.ALLOW);
    assertThat(store.decide(DEV, "POST", "/x")).isEqualTo(refusedBy("POST:/x"));
    assertThat(store.decide(DEV, "PUT", "/x")).isEqualTo(refusedBy("/x"));
    store.global(MaintenanceMode.on("fleet"));
    assertThat(store.decide(DEV, "GET", "/x")).isEqualTo(Decision.ALLOW);
    assertThat(store.decide(DEV, "POST", "/x")).isEqualTo(wide(Decision.Scope.GLOBAL, "fleet"));
    assertThat(store.decide(DEV, "PUT", "/x")).isEqualTo(wide(Decision.Scope.GLOBAL, "fleet"));
  }

  @Test
  void pathsThatOnlyBeginAlikeAreNotExempt() {
    Store store = new Store().global(exempting("/docs"));

    assertThat(store.decide(DEV, "GET", "/docs")).isEqualTo(Decision.ALLOW);
    for (String path : List.of("/docsearch", "/docs/x", "/docs/", "/doc")) {
      assertThat(store.decide(DEV, "GET", path)).as(path).isInstanceOf(Decision.Refusal.class);
    }
  }

  @Test
  void rulingsDifferByEachComponent() {
    Decision.Refusal wide = new Decision.Maintenance(Decision.Scope.GLOBAL, "why", null);
    Decision.Refusal other = new Decision.Maintenance(Decision.Scope.GLOBAL, "else", null);
    RouteState state = RouteState.active("GET:/a");
    Decider.Ruling ruling = new Decider.Ruling(Decider.Level.FLEET, wide, state);
    assertThat(new Decider.Ruling(Decider.Level.FLEET, wide, RouteState.active("GET:/a")))
        .isEqualTo(ruling)
        .hasSameHashCodeAs(ruling);
    assertThat(
            List.of(
                new Decider.Ruling(Decider.Level.SERVICE, wide, state),
                new Decider.Ruling(Decider.Level.FLEET, other, state),
                new Decider.Ruling(Decider.Level.FLEET, null, state),
                new Decider.Ruling(Decider.Level.FLEET, wide, RouteState.active("GET:/b")),
                new Decider.Ruling(Decider.Level.FLEET, wide, null)))
        .doesNotContain(ruling);
    assertThat(Decider.Ruling.class.getRecordComponents()).hasSize(3);
  }
}
