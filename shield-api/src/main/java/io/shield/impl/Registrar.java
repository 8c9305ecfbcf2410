package io.shield.impl;

import io.shield.model.DocumentKey;
import io.shield.model.Edit;
import io.shield.model.InvalidValueException;
import io.shield.model.OpaqueDocument;
import io.shield.model.Origin;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.Snapshot;
import io.shield.model.Versioned;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  Registrar(@Nullable String service, InstantSource clock) {
    this.service = service;
    this.clock = clock;
  }

  /** Takes in declarations; later ones of a key replace earlier ones. Tells whether any is new. */
  synchronized boolean declare(List<RouteState> states) {
    boolean news = false;
    for (RouteState state : states) {
      RouteState own = checked(state);
      news |= !own.equals(declared.put(own.path(), own));
    }
    return news;
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

  /** Whether anything is declared. */
  synchronized boolean isEmpty() {
    return declared.isEmpty();
  }

  /** A snapshot of nothing but the declarations, enforced until the store was read. */
  synchronized Snapshot asSnapshot(Snapshot empty) {
    Map<DocumentKey, Versioned<?>> content = new LinkedHashMap<>();
    declared.forEach(
        (key, state) -> content.put(DocumentKey.state(key), new Versioned<>(state, 1)));
    return Snapshot.of(empty.head(), content);
  }

  /** The edits that make a store agree with the declarations. No audit entries. */
  synchronized Plan plan(Snapshot snapshot) {
    Instant now = clock.instant();
    List<Edit> edits = new ArrayList<>();
    for (RouteState declaration : declared.values()) {
      RouteState stored = snapshot.state(declaration.path());
      RouteState wanted = wanted(stored, declaration, now);
      if (wanted != null) {
        long version = stored == null ? 0 : stored.version();
        edits.add(new Edit(DocumentKey.state(wanted.path()), version, wanted));
      }
    }
    OpaqueDocument days = Declarations.marked(snapshot, service, declared.keySet(), now);
    if (days != null && !declared.isEmpty()) {
      DocumentKey key = Declarations.documentOf(service);
      edits.add(new Edit(key, snapshot.version(key), days));
    }
    return new Plan(edits, List.of(), List.of());
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
