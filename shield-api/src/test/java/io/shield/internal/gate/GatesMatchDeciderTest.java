package io.shield.internal.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.shield.decision.Caller;
import io.shield.decision.Decider;
import io.shield.decision.Decision;
import io.shield.decision.Site;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.Seeds;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Snapshot;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Compiled verdicts say what {@link Decider} says: for random stores, methods, callers, sites and
 * moments, whichever way the gates came to know of the store, and with the clock moving on and back
 * without any change.
 */
class GatesMatchDeciderTest {
  private static final int WORLDS = 250;
  private static final int COMMITS = 8;
  private static final int MOMENTS = 6;

  /** Ways in which gates come to know of a changed store. */
  private enum Way {
    INCREMENTALLY,
    AS_A_WHOLE,
    PREPARED_EARLIER,
    SEVERAL_COMMITS_AT_ONCE
  }

  private final MutableClock clock = MutableClock.create();
  private final Map<String, Long> compared = new TreeMap<>();

  /** One set of gates that follows a store in its own way. */
  private final class Follower {
    private final Way way;
    private final Gates gates;
    private final Site site;
    private final List<String> templates = new ArrayList<>();
    private final Set<DocumentKey> pending = new HashSet<>();
    private Snapshot inForce;

    Follower(Way way, Site site, Snapshot start) {
      this.way = way;
      this.site = site;
      this.gates = new Gates(site, clock, true);
      this.inForce = start;
      gates.replace(start, false);
    }

    void follow(RandomStore store, Set<DocumentKey> changed) {
      learnTemplates(store);
      Snapshot next = store.snapshot();
      switch (way) {
        case INCREMENTALLY -> gates.update(next, changed);
        case AS_A_WHOLE -> gates.replace(next, false);
        case PREPARED_EARLIER -> {
          Gates.Prepared prepared =
              store.chance(50) ? gates.prepare(next, changed) : gates.prepare(next, false);
          clock.set(store.moment(true));
          learnTemplates(store);
          boolean bypassed = store.chance(30);
          if (bypassed) {
            gates.bypass(true);
          }
          gates.install(prepared);
          if (bypassed) {
            gates.bypass(false);
          }
        }
        case SEVERAL_COMMITS_AT_ONCE -> {
          pending.addAll(changed);
          if (store.chance(50)) {
            return;
          }
          gates.update(next, pending);
          pending.clear();
        }
      }
      inForce = next;
    }

    private void learnTemplates(RandomStore store) {
      if (store.chance(40) && templates.size() < RandomStore.TEMPLATES.size()) {
        templates.add(RandomStore.TEMPLATES.get(templates.size()));
        gates.slots(List.of(templates.get(templates.size() - 1)));
      }
    }

    void compare(Caller caller, String hint) {
      for (int slot = 0; slot < templates.size(); slot++) {
        for (HttpMethod method : RandomStore.METHODS) {
          compare(slot, method, caller, hint);
        }
      }
    }

    private void compare(int slot, HttpMethod method, Caller caller, String hint) {
      String template = templates.get(slot);
      Decision expected =
          Decider.decide(
              inForce, site, new Decider.Request(method.name(), template, caller), clock.instant());
      Decision actual = gates.verdict(slot, method).judge(caller);
      if (!actual.equals(expected)) {
        fail(
            "%s: %s %s at %s for %s by %s%n  decided  %s%n  compiled %s%n  %s%n  states %s%n  modes %s",
            hint,
            method,
            template,
            clock.instant(),
            site,
            caller,
            expected,
            actual,
            way,
            inForce.states().values(),
            inForce.maintenance());
      }
      compared.merge(expected.getClass().getSimpleName(), 1L, Long::sum);
    }
  }

  @Test
  void compiledVerdictsSayWhatIsDecided() {
    long seed = Seeds.next("GatesMatchDeciderTest");
    for (int world = 0; world < WORLDS; world++) {
      liveIn(new RandomStore(new Random(seed + world)), "seed " + seed + ", world " + world);
    }

    assertThat(compared.keySet()).containsExactly("Allow", "Disabled", "EnvGated", "Maintenance");
    assertThat(compared.values()).allMatch(count -> count > 3_000);
  }

  private void liveIn(RandomStore store, String hint) {
    Site site =
        new Site(
            store.oneOf(List.of("dev", "production")),
            store.chance(50) ? store.oneOf(RandomStore.SERVICES) : null);
    List<Follower> followers = new ArrayList<>();
    for (Way way : Way.values()) {
      followers.add(new Follower(way, site, store.snapshot()));
    }
    for (int commit = 0; commit < COMMITS; commit++) {
      clock.set(store.moment(true));
      Set<DocumentKey> changed = store.commit();
      followers.forEach(follower -> follower.follow(store, changed));
      for (int moment = 0; moment < MOMENTS; moment++) {
        String where = hint + ", commit " + commit + ", moment " + moment;
        Caller caller = store.caller();
        followers.forEach(follower -> follower.compare(caller, where));
        clock.set(store.moment(store.chance(70)));
      }
    }
  }
}
