package io.shield.impl;

import io.shield.error.InvalidValueException;
import io.shield.model.DocumentValue;
import io.shield.model.OpaqueDocument;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the code of this process declares, and how that becomes stored state. A declaration replaces
 * an earlier declaration, never what was changed at run time, except that {@code force_active} of
 * the code always wins. Thread-safe.
 */
final class Registrar {
  private final @Nullable String service;
  private final InstantSource clock;
  private final Map<String, RouteState> declared = new LinkedHashMap<>();
  private final Map<String, RateLimitPolicy> declaredPolicies = new LinkedHashMap<>();
  private long generation;
  private long settled;

  Registrar(@Nullable String service, InstantSource clock) {
    this.service = service;
    this.clock = clock;
  }

  /**
   * Takes in declarations, all or none; later ones of a key replace earlier ones. Tells whether any
   * is new.
   */
  synchronized boolean declare(List<RouteState> states, List<RateLimitPolicy> policies) {
    List<RouteState> own = states.stream().map(this::checked).toList();
    boolean news = false;
    for (RouteState state : own) {
      news |= !state.equals(declared.put(state.path(), state));
    }
    for (RateLimitPolicy policy : policies) {
      news |= !policy.equals(declaredPolicies.put(policy.key(), policy));
    }
    generation += news ? 1 : 0;
    return news;
  }

  /** Counts how often something new was declared. */
  synchronized long generation() {
    return generation;
  }

  /**
   * Notes that what was declared at a generation is stored. From then on the store decides.
   *
   * @return false if more was declared meanwhile
   */
  synchronized boolean settle(long stored) {
    settled = stored;
    return isSettled();
  }

  /** Notes that the store was renewed and may lack what was stored before. */
  synchronized void renewed() {
    generation++;
  }

  /** Whether everything declared was stored once. */
  synchronized boolean isSettled() {
    return settled == generation;
  }

  private RouteState checked(RouteState state) {
    RouteKey.parse(state.path());
    if (state.origin() != Origin.CODE || state.version() != 0) {
      throw new InvalidValueException(
          "origin", state.origin().wireName(), "a declaration: origin code, version 0");
    }
    return service == null || state.service() != null
        ? state
        : state.toBuilder().service(service).build();
  }

  /** A snapshot as it will be once what is declared and not stored yet is stored. */
  synchronized Snapshot over(Snapshot snapshot) {
    List<Edit> missing = isSettled() ? List.of() : wanted(snapshot, now());
    if (missing.isEmpty()) {
      return snapshot;
    }
    Map<DocumentKey, Versioned<?>> content = snapshot.content();
    for (Edit edit : missing) {
      DocumentValue wanted = Objects.requireNonNull(edit.value());
      content.put(edit.key(), new Versioned<>(wanted, Math.max(1, edit.expectedVersion())));
    }
    return Snapshot.of(snapshot.head(), content);
  }

  /** The edits that make a store agree with the declarations. No audit entries. */
  synchronized Plan plan(Snapshot snapshot) {
    Instant now = now();
    List<Edit> edits = new ArrayList<>(wanted(snapshot, now));
    edits.addAll(today(snapshot, now));
    return new Plan(edits, List.of(), List.of());
  }

  /**
   * The edits that say that the declarations still stand. Nothing that is stored is renewed, since
   * newer code may have declared it otherwise.
   */
  synchronized Plan reminder(Snapshot snapshot) {
    Instant now = now();
    List<Edit> edits = new ArrayList<>(today(snapshot, now));
    states(snapshot, now).stream().filter(edit -> edit.expectedVersion() == 0).forEach(edits::add);
    return new Plan(edits, List.of(), List.of());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private List<Edit> wanted(Snapshot snapshot, Instant now) {
    List<Edit> edits = new ArrayList<>(states(snapshot, now));
    for (RateLimitPolicy policy : declaredPolicies.values()) {
      DocumentKey key = DocumentKey.policy(policy.key());
      DocumentValue stored = snapshot.value(key);
      boolean ofCode = stored instanceof RateLimitPolicy known && known.origin() == Origin.CODE;
      if (stored == null || (ofCode && !stored.equals(policy))) {
        edits.add(new Edit(key, snapshot.version(key), policy));
      }
    }
    return edits;
  }

  private List<Edit> states(Snapshot snapshot, Instant now) {
    List<Edit> edits = new ArrayList<>();
    for (RouteState declaration : declared.values()) {
      RouteState stored = snapshot.state(declaration.path());
      RouteState wanted = wanted(stored, declaration, now);
      if (wanted != null) {
        long version = stored == null ? 0 : stored.version();
        edits.add(new Edit(DocumentKey.state(wanted.path()), version, wanted));
      }
    }
    return edits;
  }

  private List<Edit> today(Snapshot snapshot, Instant now) {
    OpaqueDocument days = Declarations.marked(snapshot, service, declared.keySet(), now);
    if (days == null) {
      return List.of();
    }
    DocumentKey key = Declarations.documentOf(service);
    return List.of(new Edit(key, snapshot.version(key), days));
  }

  /** What should be stored, or null if it is. */
  private @Nullable RouteState wanted(
      @Nullable RouteState stored, RouteState declaration, Instant now) {
    if (stored == null) {
      return stamped(declaration, now);
    }
    if (stored.origin() == Origin.CODE) {
      RouteState renewed = renewed(stored, declaration, now);
      return renewed.equals(stored) ? null : renewed;
    }
    if (stored.forceActive() != declaration.forceActive()) {
      return stored.toBuilder().forceActive(declaration.forceActive()).build();
    }
    return null;
  }

  private static RouteState stamped(RouteState declaration, Instant now) {
    boolean deprecated =
        declaration.status() == RouteStatus.DEPRECATED && declaration.deprecatedAt() == null;
    return declaration.toBuilder()
        .since(declaration.since() == null ? now : declaration.since())
        .deprecatedAt(deprecated ? now : declaration.deprecatedAt())
        .build();
  }

  /** The declaration with the stored bookkeeping, where that still applies. */
  private static RouteState renewed(RouteState stored, RouteState declaration, Instant now) {
    RouteState.Builder same =
        declaration.toBuilder().version(stored.version()).since(stored.since());
    if (declaration.deprecatedAt() == null) {
      same.deprecatedAt(stored.deprecatedAt());
    }
    RouteState unchanged = same.build();
    return unchanged.equals(stored) ? stored : stamped(declaration, now);
  }
}
