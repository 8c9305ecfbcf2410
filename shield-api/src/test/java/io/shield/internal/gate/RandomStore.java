package io.shield.internal.gate;

import io.shield.decision.Caller;
import io.shield.fixtures.MutableClock;
import io.shield.model.DocumentValue;
import io.shield.model.MaintenanceMode;
import io.shield.model.MaintenanceWindow;
import io.shield.model.OpaqueDocument;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store that changes at random, of so few routes, services and moments that everything meets
 * everything: the same template under several methods, windows that touch, exempt paths that hit.
 */
final class RandomStore {
  static final List<String> TEMPLATES = List.of("/", "/a", "/a/:id", "/b", "/health");

  /** Well-known methods, custom ones, and one that only looks like another. */
  static final List<HttpMethod> METHODS =
      List.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.valueOf("PURGE"),
          HttpMethod.valueOf("M-SEARCH"),
          HttpMethod.valueOf("get"));

  static final List<String> SERVICES = List.of("pay", "stock");
  private static final List<String> STATE_METHODS =
      List.of("GET", "HEAD", "POST", "PURGE", "M-SEARCH");
  private static final List<String> ENVIRONMENTS = List.of("dev", "staging", "production");
  private static final int SECONDS = 5;

  private final Random random;
  private Snapshot snapshot = Snapshot.empty(new Head("e", 1, "c1"));

  RandomStore(Random random) {
    this.random = random;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Commits one to four edits and returns the keys they touch. */
  Set<DocumentKey> commit() {
    Map<DocumentKey, Edit> edits = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      DocumentKey key = documentKey();
      long version = snapshot.version(key);
      edits.put(key, new Edit(key, version, version > 0 && chance(30) ? null : value(key)));
    }
    String id = "c" + (snapshot.head().revision() + 1);
    Change change = new Change(id, List.copyOf(edits.values()), List.of());
    snapshot = snapshot.apply(Commit.following(snapshot.head(), id, change));
    return new LinkedHashSet<>(edits.keySet());
  }

  private DocumentKey documentKey() {
    return switch (random.nextInt(12)) {
      case 0 -> DocumentKey.globalMaintenance();
      case 1 -> DocumentKey.serviceMaintenance(oneOf(SERVICES));
      case 2 -> DocumentKey.document("edge:GET:/a");
      case 3 -> DocumentKey.policy("GET:/a");
      default -> DocumentKey.state(stateKey());
    };
  }

  private String stateKey() {
    String key = chance(30) ? oneOf(TEMPLATES) : oneOf(STATE_METHODS) + ":" + oneOf(TEMPLATES);
    return chance(5) ? oneOf(SERVICES) + ":" + key : key;
  }

  private DocumentValue value(DocumentKey key) {
    return switch (key.kind()) {
      case STATE -> state(key.key());
      case MAINTENANCE -> maintenance();
      case POLICY -> RateLimitPolicy.of("GET", "/a", "5/minute");
      case DOCUMENT -> new OpaqueDocument("{}");
    };
  }

  private RouteState state(String key) {
    RouteState.Builder state =
        RouteState.builder(key)
            .status(oneOf(List.of(RouteStatus.values())))
            .reason("reason " + random.nextInt(100))
            .forceActive(chance(10))
            .allowedEnvs(some(ENVIRONMENTS))
            .since(moment());
    if (chance(30)) {
      state.service(oneOf(List.of("", "pay", "stock")));
    }
    if (chance(50)) {
      state.window(window());
    }
    if (chance(40)) {
      state.until(moment());
    }
    if (chance(15)) {
      state.allowedIps(List.of(oneOf(List.of("10.0.0.0/8", "2001:db8::/32"))));
    }
    if (chance(15)) {
      state.allowedRoles(List.of(oneOf(List.of("ops", "qa"))));
    }
    if (chance(15)) {
      state.canaryPercentage(random.nextInt(101));
    }
    if (chance(20)) {
      state.sunsetDate(oneOf(List.of("Sat, 01 Jan 2028 00:00:00 GMT", "some day")));
    }
    return state.build();
  }

  private MaintenanceWindow window() {
    Instant one = moment();
    Instant other = moment();
    if (one.equals(other)) {
      other = one.plusNanos(1);
    }
    String reason = chance(50) ? "" : "window";
    return one.isBefore(other)
        ? new MaintenanceWindow(one, other, reason)
        : new MaintenanceWindow(other, one, reason);
  }

  private MaintenanceMode maintenance() {
    Set<String> exempt = new LinkedHashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      exempt.add(chance(10) ? oneOf(List.of("no key", "health", "__shield:x")) : stateKey());
    }
    return new MaintenanceMode(chance(35), "wide", List.copyOf(exempt), chance(50));
  }

  private List<String> some(List<String> values) {
    List<String> chosen = new ArrayList<>(values);
    chosen.removeIf(value -> chance(50));
    return chosen;
  }

  /** A moment around the clock's start: whole, or a little before or after a whole millisecond. */
  private Instant moment() {
    long millis = 250L * random.nextInt(8 * SECONDS) - 1000L * SECONDS;
    long nanos = oneOf(List.of(0L, 0L, 1L, -1L, 500_000L));
    return MutableClock.START.plusMillis(millis).plusNanos(nanos);
  }

  /** A moment to look at: on a stored moment's millisecond, beside it, or anywhere. */
  Instant moment(boolean nearAnEdge) {
    if (!nearAnEdge) {
      return MutableClock.START.plusMillis(random.nextInt(4000 * SECONDS) - 2000L * SECONDS);
    }
    return Instant.ofEpochMilli(moment().toEpochMilli()).plusMillis(random.nextInt(3) - 1);
  }

  Caller caller() {
    if (chance(10)) {
      return Caller.UNKNOWN;
    }
    return new RandomCaller(
        chance(30) ? oneOf(List.of("alice", "bob", "carol")) : null,
        chance(30) ? oneOf(List.of("ops", "qa", "dev")) : null,
        chance(30) ? "key-" + random.nextInt(100) : null,
        chance(80) ? oneOf(List.of("10.1.2.3", "192.0.2.1", "2001:db8::1", "unknown")) : null,
        chance(10));
  }

  /** Someone of whom some things are known, and asking for the role may fail. */
  private record RandomCaller(
      @Nullable String user,
      @Nullable String role,
      @Nullable String apiKey,
      @Nullable String address,
      boolean failing)
      implements Caller {
    @Override
    public boolean hasRole(String asked) {
      if (failing) {
        throw new IllegalStateException("no session");
      }
      return asked.equals(role);
    }
  }
}
