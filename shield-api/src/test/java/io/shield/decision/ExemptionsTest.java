package io.shield.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExemptionsTest {
  private static final int CALLERS = 10_000;

  private static Exemptions exemptions(Consumer<RouteState.Builder> fields) {
    return exemptions("GET:/x", fields);
  }

  private static Exemptions exemptions(String key, Consumer<RouteState.Builder> fields) {
    RouteState.Builder state = RouteState.builder(key).status(RouteStatus.DISABLED);
    fields.accept(state);
    return Objects.requireNonNull(Exemptions.of(state.build()));
  }

  private static Exemptions canary(int percentage) {
    return exemptions(state -> state.canaryPercentage(percentage));
  }

  private static TestCaller caller() {
    return new TestCaller();
  }

  @Test
  void aStateWithoutRulesHasNone() {
    assertThat(Exemptions.of(RouteState.active("GET:/x"))).isNull();
    assertThat(Exemptions.of(RouteState.builder("GET:/x").rolloutPercentage(1).build()))
        .as("rollout_percentage is never evaluated")
        .isNull();
  }

  // --- addresses ---

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "10.0.0.0, true",
        "10.255.255.255, true",
        "9.255.255.255, false",
        "11.0.0.0, false",
        "::ffff:10.1.2.3, true",
        "192.0.2.1, true",
        "192.0.2.2, false",
        "2001:db8::, true",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, true",
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, false",
        "2001:db9::, false",
        "unknown, false",
        "'', false",
        "-, false",
      })
  void certainAddressesPass(@Nullable String address, boolean passes) {
    Exemptions rules =
        exemptions(state -> state.allowedIps(List.of("10.0.0.0/8", "192.0.2.1", "2001:db8::/32")));
    TestCaller caller = address == null ? caller() : caller().address(address);

    assertThat(rules.exempt(caller)).isEqualTo(passes);
    assertThat(rules.needsRoles()).isFalse();
  }

  @Test
  void aBlockThatCannotBeReadExemptsNobodyAndSpoilsNoOther() {
    Exemptions rules =
        exemptions(state -> state.allowedIps(List.of("10.0.0.0/99", "office", "192.0.2.1")));

    assertThat(rules.exempt(caller().address("192.0.2.1"))).isTrue();
    assertThat(rules.exempt(caller().address("10.0.0.1"))).isFalse();
    assertThat(rules.exempt(caller().address("office"))).isFalse();
  }

  // --- roles ---

  @ParameterizedTest
  @CsvSource({"ops, true", "qa, true", "dev, false", "OPS, false", "'', false"})
  void holdersOfARolePass(String role, boolean passes) {
    Exemptions rules = exemptions(state -> state.allowedRoles(List.of("ops", "qa")));

    assertThat(rules.exempt(caller().roles(role))).isEqualTo(passes);
    assertThat(rules.exempt(caller().user("ops"))).as("a name is no role").isFalse();
    assertThat(rules.needsRoles()).isTrue();
  }

  @Test
  void eachRuleIsEnough() {
    Exemptions rules =
        exemptions(state -> state.allowedIps(List.of("10.0.0.1")).allowedRoles(List.of("ops")));

    assertThat(rules.exempt(caller().address("10.0.0.1"))).isTrue();
    assertThat(rules.exempt(caller().roles("ops"))).isTrue();
    assertThat(rules.exempt(caller().address("10.0.0.2").roles("dev"))).isFalse();
  }

  // --- canary ---

  private static BitSet passing(Exemptions rules) {
    BitSet passing = new BitSet(CALLERS);
    for (int i = 0; i < CALLERS; i++) {
      passing.set(i, rules.exempt(caller().user("user-" + i)));
    }
    return passing;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 10, 25, 50, 75, 99})
  void aboutTheGivenShareOfCallersPasses(int percentage) {
    // Four standard deviations of 10000 draws at 50 percent are 2 percent.
    assertThat(passing(canary(percentage)).cardinality() * 100.0 / CALLERS)
        .isCloseTo(percentage, within(2.0));
  }

  @Test
  void aHundredPercentIsEverybodyThatIsKnown() {
    assertThat(passing(canary(100)).cardinality()).isEqualTo(CALLERS);
    assertThat(canary(100).exempt(Caller.UNKNOWN)).as("nobody in particular").isFalse();
  }

  @Test
  void raisingThePercentageNeverDropsAnyone() {
    BitSet before = new BitSet();
    for (int percentage = 1; percentage <= 100; percentage++) {
      BitSet now = passing(canary(percentage));
      BitSet dropped = (BitSet) before.clone();
      dropped.andNot(now);

      assertThat(dropped.cardinality()).as("dropped at %s percent", percentage).isZero();
      assertThat(now.cardinality()).isGreaterThan(before.cardinality());
      before = now;
    }
  }

  /** These values are kept for ever: other nodes and later versions must draw the same share. */
  @ParameterizedTest
  @CsvSource({
    "GET:/x, user:alice, 22",
    "GET:/x, user:bob, 63",
    "GET:/y, user:alice, 8",
    "/größe, key:ключ, 74",
    "GET:/x, ip:192.0.2.1, 72",
  })
  void theSameCallerFallsIntoTheSameBucketForEver(String route, String identity, int bucket) {
    assertThat(Exemptions.canaryBucket(route, identity)).isEqualTo(bucket);
  }

  @Test
  void routesDrawIndependently() {
    BitSet x = passing(exemptions("GET:/x", state -> state.canaryPercentage(50)));
    BitSet y = passing(exemptions("GET:/y", state -> state.canaryPercentage(50)));
    x.and(y);

    assertThat(x.cardinality() * 100.0 / CALLERS).isCloseTo(25, within(2.0));
  }

  @Test
  void theUserCountsThenTheKeyThenTheAddress() {
    List<Boolean> byUser = new ArrayList<>();
    List<Boolean> byKey = new ArrayList<>();
    List<Boolean> byAddress = new ArrayList<>();
    List<Boolean> all = new ArrayList<>();
    List<Boolean> keyAndAddress = new ArrayList<>();
    Exemptions rules = canary(50);
    for (int i = 0; i < 100; i++) {
      byUser.add(rules.exempt(caller().user("n" + i)));
      byKey.add(rules.exempt(caller().apiKey("n" + i)));
      byAddress.add(rules.exempt(caller().address("10.0.0." + i)));
      all.add(rules.exempt(caller().user("n" + i).apiKey("k").address("10.0.0.1")));
      keyAndAddress.add(rules.exempt(caller().apiKey("n" + i).address("10.0.0.1")));
    }

    assertThat(all).isEqualTo(byUser).isNotEqualTo(byKey);
    assertThat(keyAndAddress).isEqualTo(byKey).isNotEqualTo(byUser);
    assertThat(byAddress).contains(true, false);
  }

  // --- errors ---

  /** Fails on everything but what a test overrides. */
  private static class FailingCaller implements Caller {
    @Override
    public @Nullable String user() {
      throw new IllegalStateException("no session");
    }

    @Override
    public boolean hasRole(String role) {
      throw new IllegalStateException("no session");
    }

    @Override
    public @Nullable String apiKey() {
      throw new IllegalStateException("no header");
    }

    @Override
    public @Nullable String address() {
      throw new IllegalStateException("closed");
    }
  }

  @Test
  void anErrorMeansNotExempt() {
    Exemptions rules =
        exemptions(
            state ->
                state
                    .allowedIps(List.of("0.0.0.0/0", "::/0"))
                    .allowedRoles(List.of("ops"))
                    .canaryPercentage(100));

    assertThat(rules.exempt(new FailingCaller())).isFalse();
  }

  @Test
  void aRuleThatFailsSpoilsNoOther() {
    Exemptions rules =
        exemptions(state -> state.allowedIps(List.of("10.0.0.1")).allowedRoles(List.of("ops")));
    Caller holder =
        new FailingCaller() {
          @Override
          public boolean hasRole(String role) {
            return true;
          }
        };
    Caller inside =
        new FailingCaller() {
          @Override
          public String address() {
            return "10.0.0.1";
          }
        };

    assertThat(rules.exempt(holder)).isTrue();
    assertThat(rules.exempt(inside)).isTrue();
  }

  /** Whatever the order in which the roles are asked for. */
  @Test
  void aRoleThatFailsSpoilsNoOther() {
    List<String> roles = List.of("a", "b", "c", "d", "e", "f");
    Exemptions rules = exemptions(state -> state.allowedRoles(roles));
    for (String held : roles) {
      Caller caller =
          new FailingCaller() {
            @Override
            public boolean hasRole(String role) {
              return role.equals(held) || super.hasRole(role);
            }
          };

      assertThat(rules.exempt(caller)).as(held).isTrue();
    }
  }
}
