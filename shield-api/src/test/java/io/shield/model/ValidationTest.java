package io.shield.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.decision.Site;
import io.shield.error.InvalidValueException;
import io.shield.model.RateLimitPolicy.LimitScope;
import io.shield.model.RateLimitPolicy.RateLimitTier;
import io.shield.model.RouteState.AllowedCallers;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import io.shield.model.audit.Platform;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.VersionConflict;
import io.shield.model.store.Versioned;
import io.shield.model.webhook.Webhook;
import io.shield.spi.AuditQuery;
import io.shield.spi.limit.RateLimitHit;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every record refuses bad values with a message that names field, value and what is allowed. */
class ValidationTest {
  private static final Instant TIME = Instant.parse("2030-01-01T00:00:00Z");
  private static final Instant TOO_EARLY = RouteState.EARLIEST.minusNanos(1);
  private static final Instant TOO_LATE = RouteState.LATEST.plusNanos(1);

  private static final RouteState STATE = RouteState.active("GET:/x");
  private static final RateLimitPolicy POLICY = RateLimitPolicy.of("GET", "/x", "5/minute");
  private static final GlobalRateLimitPolicy GLOBAL = GlobalRateLimitPolicy.of("5/minute");
  private static final RateLimitTier TIER = new RateLimitTier("gold", "9/minute");
  private static final MaintenanceMode MODE = MaintenanceMode.on("deploy");
  private static final AllowedCallers ALLOWED =
      new AllowedCallers(List.of("192.0.2.7"), List.of("ops"));
  private static final MaintenanceWindow WINDOW =
      new MaintenanceWindow(TIME, TIME.plusSeconds(1), "db");
  private static final AuditEntry ENTRY =
      new AuditEntry(
          "1", TIME, "GET:/x", "pay", "enable", "alice", "cli", "r", null, null, 1, List.of(), null,
          false);
  private static final RateLimitHit HIT =
      new RateLimitHit("1", TIME, "/x", "GET", "k", "5/minute", null, TIME, 1, null);
  private static final Actor ACTOR = Actor.of("alice", "cli");
  private static final Head HEAD = new Head("e", 1, "c");
  private static final RateLimit LIMIT = RateLimit.parse("limit", "5/minute").get(0);
  private static final OpaqueDocument DOCUMENT = new OpaqueDocument("{}");
  private static final DocumentKey KEY = DocumentKey.state("GET:/x");
  private static final Edit EDIT = new Edit(KEY, 0, STATE);
  private static final Change CHANGE = new Change("r", List.of(EDIT), List.of());
  private static final Commit COMMIT = Commit.following(HEAD, "c2", CHANGE);
  private static final FieldChange FIELD = new FieldChange("status", "\"active\"", "null");
  private static final RouteKey ROUTE = RouteKey.parse("pay:GET:/x");
  private static final Versioned<RouteState> VERSIONED = new Versioned<>(STATE, 1);
  private static final VersionConflict CONFLICT = new VersionConflict(KEY, 1, 2, null);
  private static final Site SITE = new Site("dev", "pay");
  private static final AuditQuery QUERY = AuditQuery.newest(5);
  private static final Webhook HOOK = Webhook.of("ops", "https://h/");

  /** One valid instance of each record. */
  private static final List<Record> VALID =
      List.of(
          STATE, ALLOWED, POLICY, GLOBAL, TIER, MODE, WINDOW, ENTRY, HIT, ACTOR, HEAD, LIMIT,
          DOCUMENT, KEY, EDIT, CHANGE, COMMIT, FIELD, ROUTE, VERSIONED, CONFLICT, SITE, QUERY,
          HOOK);

  /** Components of which every value is good that their type and null-ness allow. */
  private static final Set<String> ANYTHING_GOES =
      Set.of(
          "RouteState.status",
          "RouteState.declaredAllowed",
          "RouteState.window",
          "RouteState.forceActive",
          "RouteState.origin",
          "RateLimitPolicy.algorithm",
          "RateLimitPolicy.keyStrategy",
          "RateLimitPolicy.onMissingKey",
          "RateLimitPolicy.enabled",
          "RateLimitPolicy.shadow",
          "RateLimitPolicy.origin",
          "RateLimitPolicy.onStoreFailure",
          "RateLimitPolicy.lease",
          "GlobalRateLimitPolicy.algorithm",
          "GlobalRateLimitPolicy.keyStrategy",
          "GlobalRateLimitPolicy.onMissingKey",
          "GlobalRateLimitPolicy.enabled",
          "GlobalRateLimitPolicy.shadow",
          "GlobalRateLimitPolicy.onStoreFailure",
          "GlobalRateLimitPolicy.lease",
          "RateLimitHit.shadow",
          "RateLimitHit.scope",
          "MaintenanceMode.enabled",
          "MaintenanceMode.includeForceActive",
          "AuditEntry.previousStatus",
          "AuditEntry.nextStatus",
          "AuditEntry.changes",
          "AuditEntry.reported",
          "AuditEntry.previousEffective",
          "AuditEntry.nextEffective",
          "Actor.platform",
          "DocumentKey.kind",
          "Edit.key",
          "Change.audit",
          "Commit.head",
          "Commit.predecessor",
          "Commit.change",
          "Versioned.value",
          "VersionConflict.key",
          "VersionConflict.expected",
          "VersionConflict.actual",
          "VersionConflict.value",
          "AuditQuery.path",
          "AuditQuery.service",
          "AuditQuery.actor",
          "AuditQuery.action",
          "AuditQuery.since",
          "Webhook.enabled",
          "Webhook.origin");

  /**
   * A bad value.
   *
   * @param record the record that must refuse it
   * @param component which of its components
   * @param value the bad value
   * @param field how the message names the field
   * @param shown how the message shows the value
   * @param allowed what the message says is allowed
   */
  record Bad(
      Record record,
      String component,
      @Nullable Object value,
      String field,
      String shown,
      String allowed) {
    @Override
    public String toString() {
      return record.getClass().getSimpleName() + "." + component + " = " + shown;
    }
  }

  private static final class Table {
    private final List<Bad> rows = new ArrayList<>();

    void row(Record record, String component, Object value, String field, String shown, String ok) {
      rows.add(new Bad(record, component, value, field, shown, ok));
    }

    void text(Record record, String component, String field, int max) {
      row(record, component, "x".repeat(max + 1), field, cut('x'), "at most " + max);
      row(record, component, "a\u0001b", field, "'a\\u0001b'", "free of control characters");
      row(record, component, "a\u009fb", field, "'a\\u009fb'", "free of control characters");
      row(record, component, "a\ud83d", field, "'a\\ud83d'", "free of unpaired surrogates");
      row(record, component, "\udee1a", field, "'\\udee1a'", "free of unpaired surrogates");
    }

    void line(Record record, String component, String field, int max) {
      text(record, component, field, max);
      row(record, component, "a\nb", field, "'a\\u000ab'", "one line");
      row(record, component, "a\r\nb: c", field, "'a\\u000d\\u000ab: c'", "one line");
      row(record, component, "a\tb", field, "'a\\u0009b'", "one line");
      row(record, component, "a\u2028b", field, "'a\\u2028b'", "one line");
    }

    void name(Record record, String component, String field, int max) {
      line(record, component, field, max);
      row(record, component, "", field, "''", "not blank");
      row(record, component, "  ", field, "'  '", "not blank");
    }

    void names(Record record, String component, String field, int max) {
      List<String> many = IntStream.range(0, 1001).mapToObj(i -> "n" + i).toList();
      row(record, component, many, field, "1001 entries", "a list of at most 1000 entries");
      row(record, component, List.of("a", "b", "a"), field, "'a'", "listed once");
      row(record, component, List.of("a", " "), field, "' '", "not blank");
      row(record, component, List.of("x".repeat(max + 1)), field, cut('x'), "at most " + max);
      row(record, component, List.of("a\nb"), field, "'a\\u000ab'", "one line");
    }

    void time(Record record, String component, String field) {
      for (Instant bad : List.of(TOO_EARLY, TOO_LATE, Instant.MIN, Instant.MAX)) {
        row(record, component, bad, field, bad.toString(), "between the years 1970 and 9999");
      }
    }

    void limit(Record record, String field) {
      row(record, "limit", "lots", field, "'lots'", "of the form <count>/<granularity>");
      row(record, "limit", "", field, "''", "not blank");
      row(record, "limit", "1/999 years", field, "'1/999 years'", "at most 100 years");
    }

    void number(Record record, String component, String field, long min, long max, String ok) {
      boolean wide = type(record, component) == long.class;
      for (long bad :
          max == Long.MAX_VALUE ? new long[] {min - 1} : new long[] {min - 1, max + 1}) {
        row(record, component, wide ? (Object) bad : (Object) (int) bad, field, "" + bad, ok);
      }
    }

    private static String cut(char c) {
      return "'" + String.valueOf(c).repeat(100) + "...'";
    }
  }

  static List<Bad> bad() {
    Table table = new Table();
    states(table);
    policies(table);
    maintenance(table);
    entriesAndHits(table);
    keys(table);
    changes(table);
    questions(table);
    webhooks(table);
    return table.rows;
  }

  private static void webhooks(Table table) {
    for (String name : List.of("", "A", "a b", "a\n")) {
      String shown = "'" + name.replace("\n", "\\u000a") + "'";
      table.row(HOOK, "name", name, "name", shown, "1 to 60 lower-case letters");
      table.row(HOOK, "format", name, "format", shown, "1 to 60 lower-case letters");
    }
    table.name(HOOK, "url", "url", 2048);
    table.row(HOOK, "url", "ftp://h/", "url", "'ftp://h/'", "an address with http or https");
    table.names(HOOK, "events", "events", 100);
    table.row(HOOK, "secretEnv", "A-B", "secret_env", "'A-B'", "the name of an environment");
    table.line(HOOK, "problem", "problem", 200);
    table.number(HOOK, "version", "version", 0, Long.MAX_VALUE, "at least 0");
  }

  private static void states(Table table) {
    table.row(STATE, "path", "x", "route", "'x'", "METHOD:/path, /path or service:METHOD:/path");
    table.row(STATE, "path", "/a b", "route", "'/a b'", "free of spaces");
    table.row(STATE, "laterWindows", List.of(WINDOW), "windows", TIME.toString(), "in order");
    table.line(STATE, "service", "service", 200);
    table.text(STATE, "reason", "reason", 4096);
    table.names(STATE, "allowedEnvs", "allowed_envs", 200);
    table.names(STATE, "allowedRoles", "allowed_roles", 200);
    table.names(STATE, "allowedIps", "allowed_ips", 200);
    table.names(ALLOWED, "ips", "allowed_ips", 200);
    table.names(ALLOWED, "roles", "allowed_roles", 200);
    table.line(STATE, "sunsetDate", "sunset_date", 200);
    table.line(STATE, "successorPath", "successor_path", 2048);
    table.number(STATE, "rolloutPercentage", "rollout_percentage", 0, 100, "between 0 and 100");
    table.time(STATE, "until", "until");
    table.number(STATE, "canaryPercentage", "canary_percentage", 0, 100, "between 0 and 100");
    table.time(STATE, "deprecatedAt", "deprecated_at");
    table.time(STATE, "since", "since");
    table.number(STATE, "version", "version", 0, Long.MAX_VALUE, "at least 0");
  }

  private static void policies(Table table) {
    table.row(POLICY, "path", "x", "route", "'x'", "METHOD:/path");
    table.row(POLICY, "path", "", "path", "''", "not blank");
    table.row(POLICY, "method", "get", "method", "'get'", "an upper-case HTTP method");
    table.row(POLICY, "method", "", "method", "''", "an upper-case HTTP method");
    table.limit(POLICY, "limit");
    table.number(POLICY, "burst", "burst", 0, 1_000_000_000, "between 0 and 1000000000");
    table.number(POLICY, "maxConcurrent", "max_concurrent", 0, 1_000_000, "between 0 and 1000000");
    table.row(POLICY, "cost", 0, "cost", "0", "at least 1");
    table.row(POLICY, "cost", 6, "cost", "6", "at most the capacity of '5/minute', 5");
    table.row(POLICY, "tiers", List.of(TIER, TIER), "tiers.name", "'gold'", "listed once");
    table.row(
        POLICY,
        "tiers",
        IntStream.range(0, 101).mapToObj(i -> new RateLimitTier("t" + i, "1/day")).toList(),
        "tiers",
        "101",
        "between 0 and 100");
    table.name(POLICY, "tierResolver", "tier_resolver", 100);
    table.names(POLICY, "exemptIps", "exempt_ips", 200);
    table.names(POLICY, "exemptRoles", "exempt_roles", 200);
    table.limit(GLOBAL, "limit");
    table.number(GLOBAL, "burst", "burst", 0, 1_000_000_000, "between 0 and 1000000000");
    table.number(GLOBAL, "maxConcurrent", "max_concurrent", 0, 1_000_000, "between 0 and 1000000");
    table.row(GLOBAL, "cost", 0, "cost", "0", "at least 1");
    table.row(GLOBAL, "cost", 6, "cost", "6", "at most the capacity of '5/minute', 5");
    table.names(GLOBAL, "exemptRoutes", "exempt_routes", 512);
    table.name(TIER, "name", "tiers.name", 100);
    table.limit(TIER, "tiers.limit");
    table.number(LIMIT, "count", "limit", 1, RateLimit.MAX_COUNT, "between 1 and 1000000000000");
    table.row(LIMIT, "period", Duration.ZERO, "limit", "PT0S", "more than nothing");
  }

  private static void maintenance(Table table) {
    table.text(MODE, "reason", "reason", 4096);
    table.names(MODE, "exemptPaths", "exempt_paths", 512);
    table.time(WINDOW, "start", "start");
    table.time(WINDOW, "end", "end");
    table.row(WINDOW, "end", TIME, "end", TIME.toString(), "later than start (" + TIME + ")");
    table.text(WINDOW, "reason", "reason", 4096);
  }

  private static void entriesAndHits(Table table) {
    table.name(ENTRY, "id", "id", 100);
    table.time(ENTRY, "timestamp", "timestamp");
    table.name(ENTRY, "path", "path", 512);
    table.line(ENTRY, "service", "service", 200);
    table.name(ENTRY, "action", "action", 100);
    table.name(ENTRY, "actor", "actor", 200);
    table.name(ENTRY, "platform", "platform", 100);
    table.text(ENTRY, "reason", "reason", 4096);
    table.number(ENTRY, "revision", "revision", 0, Long.MAX_VALUE, "at least 0");
    table.line(ENTRY, "onBehalfOf", "on_behalf_of", 200);
    table.time(ENTRY, "reportedAt", "reported_at");
    table.name(FIELD, "field", "field", 100);
    for (String side : List.of("before", "after")) {
      table.row(FIELD, side, "\ud83d", side, "'\\ud83d'", "free of unpaired surrogates");
    }
    table.name(HIT, "id", "id", 100);
    table.time(HIT, "timestamp", "timestamp");
    table.line(HIT, "path", "path", 2048);
    table.line(HIT, "method", "method", 100);
    table.line(HIT, "key", "key", 2048);
    table.line(HIT, "limit", "limit", 200);
    table.line(HIT, "tier", "tier", 100);
    table.time(HIT, "resetAt", "reset_at");
    table.number(HIT, "count", "count", 1, Long.MAX_VALUE, "at least 1");
    table.time(HIT, "lastHitAt", "last_hit_at");
  }

  private static void keys(Table table) {
    table.name(ACTOR, "name", "actor", 200);
    table.line(ACTOR, "onBehalfOf", "on_behalf_of", 200);
    table.name(HEAD, "epoch", "epoch", 100);
    table.number(HEAD, "revision", "revision", 0, Long.MAX_VALUE, "at least 0");
    table.name(HEAD, "commitId", "commit_id", 100);
    table.name(KEY, "key", "key", 1024);
    table.name(ROUTE, "service", "service", 100);
    table.row(ROUTE, "service", "a/b", "service", "'a/b'", "without '/' and '__shield:'");
    table.row(ROUTE, "service", "__shield:x", "service", "'__shield:x'", "without '/'");
    table.row(ROUTE, "method", "get", "method", "'get'", "an upper-case HTTP method");
    table.row(ROUTE, "path", "x", "path", "'x'", "a path that begins with '/'");
    table.row(ROUTE, "path", "/\u0007", "route", "'/\\u0007'", "free of spaces");
  }

  private static void changes(Table table) {
    int max = OpaqueDocument.MAX_LENGTH;
    table.row(
        DOCUMENT,
        "content",
        "x".repeat(max + 1),
        "content",
        (max + 1) + " characters",
        "at most " + max + " characters");
    table.row(
        DOCUMENT, "content", "a\ud83d", "content", "'a\\ud83d'", "free of unpaired surrogates");
    table.number(EDIT, "expectedVersion", "expected_version", 0, Long.MAX_VALUE, "at least 0");
    table.row(
        EDIT, "value", null, "expected_version", "0", "the version of the document to delete");
    table.row(
        EDIT, "value", DOCUMENT, "value", "'OpaqueDocument'", "what belongs under state GET:/x");
    table.name(CHANGE, "requestId", "request_id", 100);
    table.row(CHANGE, "edits", List.of(), "edits", "'[]'", "at least one edit or audit entry");
    table.row(CHANGE, "edits", List.of(EDIT, EDIT), "edits", "state GET:/x", "edited once");
    table.number(VERSIONED, "version", "version", 0, Long.MAX_VALUE, "at least 0");
  }

  private static void questions(Table table) {
    table.row(SITE, "environment", "", "environment", "''", "1 to 100 characters");
    table.row(SITE, "environment", "x".repeat(101), "environment", "'xxx", "1 to 100 characters");
    table.name(SITE, "service", "service", 100);
    table.number(QUERY, "offset", "offset", 0, Long.MAX_VALUE, "at least 0");
    table.number(QUERY, "limit", "limit", 1, 10_000, "between 1 and 10000");
  }

  @ParameterizedTest
  @MethodSource("bad")
  void isRefusedWithFieldValueAndWhatIsAllowed(Bad bad) {
    assertThatThrownBy(() -> with(bad.record, bad.component, bad.value))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith(bad.field + ": ")
        .hasMessageContaining(bad.shown)
        .hasMessageContaining(bad.allowed)
        .satisfies(
            error -> {
              assertThat(((InvalidValueException) error).field()).isEqualTo(bad.field);
              assertThat(error.getMessage().chars()).noneMatch(Character::isISOControl);
              assertThat(error.getMessage()).hasSizeLessThan(600);
              assertThat(error.getStackTrace()).as("a caller's mistake").isEmpty();
            });
  }

  @Test
  void everyComponentOfEveryRecordIsInTheTable() {
    List<String> tried =
        bad().stream().map(b -> b.record.getClass().getSimpleName() + "." + b.component).toList();
    List<String> all =
        VALID.stream()
            .flatMap(
                record ->
                    Arrays.stream(record.getClass().getRecordComponents())
                        .map(c -> record.getClass().getSimpleName() + "." + c.getName()))
            .toList();

    assertThat(Stream.concat(tried.stream(), ANYTHING_GOES.stream()).distinct())
        .containsExactlyInAnyOrderElementsOf(all);
  }

  static List<Record> valid() {
    return VALID;
  }

  @ParameterizedTest
  @MethodSource("valid")
  void nullIsRefusedUnlessItIsAllowed(Record valid) throws ReflectiveOperationException {
    for (RecordComponent component : valid.getClass().getRecordComponents()) {
      String name = component.getName();
      if (component.getType().isPrimitive() || (valid.equals(EDIT) && name.equals("value"))) {
        continue;
      }
      if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        assertThatCode(() -> with(valid, name, null)).as(name).doesNotThrowAnyException();
      } else {
        assertThatThrownBy(() -> with(valid, name, null))
            .as(name)
            .isInstanceOf(NullPointerException.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void listsAreCopied(Record valid) throws Throwable {
    for (RecordComponent component : valid.getClass().getRecordComponents()) {
      if (component.getType() != List.class) {
        continue;
      }
      List<Object> original = new ArrayList<>((List<?>) component.getAccessor().invoke(valid));
      Record copy = with(valid, component.getName(), original);
      List<?> held = (List<?>) component.getAccessor().invoke(copy);
      original.addAll(Collections.nCopies(3, new Object()));

      assertThat(held).as(component.getName()).isUnmodifiable().hasSizeLessThan(3);
    }
  }

  /** The record with one component exchanged, made by its canonical constructor. */
  private static Record with(Record valid, String component, @Nullable Object value)
      throws Throwable {
    RecordComponent[] components = valid.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] =
          components[i].getName().equals(component)
              ? value
              : components[i].getAccessor().invoke(valid);
    }
    Constructor<?> canonical =
        valid
            .getClass()
            .getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    try {
      return (Record) canonical.newInstance(values);
    } catch (InvocationTargetException refused) {
      throw refused.getCause();
    }
  }

  private static Class<?> type(Record record, String component) {
    return Arrays.stream(record.getClass().getRecordComponents())
        .filter(c -> c.getName().equals(component))
        .findFirst()
        .orElseThrow()
        .getType();
  }

  // --- what is long or odd, and good ---

  @Test
  void whatIsAsLongAsAllowedIsAccepted() {
    String reason = "x".repeat(4096);
    assertThat(STATE.toBuilder().reason(reason).build().reason()).isEqualTo(reason);
    assertThat(STATE.toBuilder().reason("two\nlines\tand 🛡️\r\n").build().reason())
        .contains("🛡️");
    assertThat(STATE.toBuilder().until(RouteState.LATEST).since(RouteState.EARLIEST).build())
        .isNotNull();
    assertThat(STATE.toBuilder().service("").build().service()).isEmpty();
    assertThat(new OpaqueDocument("x".repeat(OpaqueDocument.MAX_LENGTH)).content()).isNotEmpty();
  }

  /** What is not a route is kept under reserved keys, whole configurations in the reason. */
  @Test
  void aReservedStateMayHoldAnyReason() {
    String config = "{\"x\":\"" + "y".repeat(100_000) + "\"}";

    assertThat(RouteState.builder("__shield:global__").reason(config).build().reason())
        .isEqualTo(config);
    assertThatThrownBy(() -> RouteState.builder("__shield:x").reason("\ud83d").build())
        .hasMessageContainingAll("reason", "free of unpaired surrogates");
    assertThatThrownBy(() -> RouteState.active("__shield:" + "x".repeat(600)))
        .hasMessageContainingAll("path", "at most 512 characters");
  }

  @ParameterizedTest
  @CsvSource({
    "RouteStatus, status, 'active, maintenance, disabled, env_gated, deprecated'",
    "Origin, origin, 'code, runtime'",
    "Platform, platform, 'cli, dashboard, sdk, system'",
    "KeyStrategy, key_strategy, 'ip, user, api_key, global, custom'",
    "OnMissingKey, on_missing_key, 'exempt, fallback_ip, block'",
    "RateLimitAlgorithm, algorithm, 'fixed_window, sliding_window, moving_window, token_bucket'",
    "LimitScope, scope, 'route, service, global'",
    "DocumentKind, kind, 'state, maintenance, policy, document'",
  })
  void choicesAreReadByTheirWireNames(String type, String field, String names) {
    Function<String, Object> parse =
        switch (type) {
          case "RouteStatus" -> RouteStatus::parse;
          case "Origin" -> Origin::parse;
          case "Platform" -> Platform::parse;
          case "KeyStrategy" -> KeyStrategy::parse;
          case "OnMissingKey" -> OnMissingKey::parse;
          case "RateLimitAlgorithm" -> RateLimitAlgorithm::parse;
          case "LimitScope" -> LimitScope::parse;
          default -> DocumentKind::parse;
        };
    for (String name : names.split(", ", -1)) {
      String text =
          type.equals("Platform")
              ? "Platform[wireName=" + name + "]"
              : name.toUpperCase(Locale.ROOT);
      assertThat(parse.apply(name)).hasToString(text);
    }
    for (String bad : List.of("", "ACTIVE", "Code", " ip", "none", "env-gated", "fixed window")) {
      assertThatThrownBy(() -> parse.apply(bad))
          .isInstanceOf(InvalidValueException.class)
          .hasMessage("%s: '%s' is not allowed, must be one of %s", field, bad, names);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"billing", "my-tool", "a.b_c-1"})
  void anApplicationNamesItsPlatform(String platform) {
    assertThat(Actor.of("alice", platform).platform().wireName()).isEqualTo(platform);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CLI", "1st", "my tool", "a/b"})
  void aPlatformIsAPlainName(String platform) {
    assertThatThrownBy(() -> Actor.of("alice", platform))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("platform: '" + platform + "' is not allowed");
  }
}
