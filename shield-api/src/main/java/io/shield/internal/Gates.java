package io.shield.internal;

import io.shield.decision.Site;
import io.shield.error.InvalidValueException;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteKey;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compiled verdicts of all templates, in one array that is swapped in one volatile write, so
 * that a change takes effect for all routes at once.
 *
 * <p>{@link #verdict} may be called from any thread; it takes no lock and, unless a verdict just
 * passed its edge, allocates nothing. Everything that compiles is called under this object's
 * monitor and never on the request path.
 */
public final class Gates {
  private static final Logger LOG = LoggerFactory.getLogger(Gates.class);

  /** What is read together. The array's elements are only ever replaced by fresher compilations. */
  private static final class Table {
    final GateRules rules;
    final TemplateVerdict[] verdicts;

    Table(GateRules rules, TemplateVerdict[] verdicts) {
      this.rules = rules;
      this.verdicts = verdicts;
    }
  }

  private final InstantSource clock;
  private final Map<String, Integer> slots = new HashMap<>();
  private final Map<String, Set<HttpMethod>> methods = new HashMap<>();
  private volatile Table table;

  /** Gates of an engine that has not loaded its store yet. */
  public Gates(Site site, InstantSource clock, boolean closedUntilLoaded) {
    this.clock = clock;
    this.table =
        new Table(
            new GateRules(Snapshot.empty(Head.NONE), site, closedUntilLoaded, false),
            new TemplateVerdict[0]);
  }

  /** The slots of templates, in their order; a template keeps its slot for ever. */
  public synchronized int[] slots(List<String> wanted) {
    int[] result = new int[wanted.size()];
    int known = slots.size();
    for (int i = 0; i < result.length; i++) {
      result[i] = slots.computeIfAbsent(wanted.get(i), template -> slots.size());
    }
    if (slots.size() > known) {
      grow();
    }
    return result;
  }

  /** Compiles the slots that the table in force does not have yet. */
  private void grow() {
    if (table.verdicts.length == slots.size()) {
      return;
    }
    TemplateVerdict[] verdicts = Arrays.copyOf(table.verdicts, slots.size());
    slots.forEach(
        (template, slot) -> {
          if (verdicts[slot] == null) {
            verdicts[slot] = compile(table.rules, template);
          }
        });
    table = new Table(table.rules, verdicts);
  }

  private TemplateVerdict compile(GateRules rules, String template) {
    return TemplateVerdict.compile(
        rules, template, methods.getOrDefault(template, Set.of()), clock.millis());
  }

  /** What was compiled ahead and waits to be installed. */
  public static final class Prepared {
    private final Table table;

    private Prepared(Table table) {
      this.table = table;
    }
  }

  /** How many templates have a slot; compiling takes time in proportion. */
  public synchronized int size() {
    return slots.size();
  }

  /** Compiles a snapshot as a whole. May be called on a worker. */
  public synchronized Prepared prepare(Snapshot snapshot, boolean closedUntilLoaded) {
    collectMethods(snapshot, snapshot.states().keySet());
    GateRules old = table.rules;
    return new Prepared(
        compileAll(new GateRules(snapshot, old.site(), closedUntilLoaded, old.bypassed())));
  }

  /** Compiles a snapshot that differs from the one in force in the given documents only. */
  public synchronized Prepared prepare(Snapshot snapshot, Collection<DocumentKey> changed) {
    GateRules old = table.rules;
    GateRules rules = new GateRules(snapshot, old.site(), old.closedUntilLoaded(), old.bypassed());
    List<String> keys =
        changed.stream()
            .filter(key -> key.kind() == DocumentKind.STATE)
            .map(DocumentKey::key)
            .toList();
    collectMethods(snapshot, keys);
    if (changed.stream().anyMatch(key -> key.kind() == DocumentKind.MAINTENANCE)) {
      return new Prepared(compileAll(rules));
    }
    TemplateVerdict[] verdicts = table.verdicts.clone();
    for (String key : keys) {
      String template = RouteKey.parse(key).path();
      Integer slot = slots.get(template);
      if (slot != null) {
        verdicts[slot] = compile(rules, template);
      }
    }
    return new Prepared(new Table(rules, verdicts));
  }

  /** Enforces what was prepared, from the next request on. */
  public synchronized void install(Prepared prepared) {
    Table next = prepared.table;
    boolean bypassed = table.rules.bypassed();
    if (next.rules.bypassed() == bypassed) {
      table = next;
      grow();
    } else {
      table = compileAll(next.rules.withBypass(bypassed));
    }
  }

  /** Compiles and enforces a snapshot as a whole. */
  public void replace(Snapshot snapshot, boolean closedUntilLoaded) {
    install(prepare(snapshot, closedUntilLoaded));
  }

  /** Compiles and enforces a snapshot that differs in the given documents only. */
  public void update(Snapshot snapshot, Collection<DocumentKey> changed) {
    install(prepare(snapshot, changed));
  }

  /** Whether nothing is enforced. */
  public boolean isBypassed() {
    return table.rules.bypassed();
  }

  /** Enforces nothing, or everything again. */
  public synchronized void bypass(boolean bypassed) {
    table = compileAll(table.rules.withBypass(bypassed));
  }

  private Table compileAll(GateRules rules) {
    TemplateVerdict[] verdicts = new TemplateVerdict[slots.size()];
    slots.forEach((template, slot) -> verdicts[slot] = compile(rules, template));
    return new Table(rules, verdicts);
  }

  /** Which methods of which templates are named by states or exempt lists. They only ever grow. */
  private void collectMethods(Snapshot snapshot, Collection<String> stateKeys) {
    stateKeys.forEach(key -> collectMethod(RouteKey.parse(key)));
    for (Versioned<MaintenanceMode> mode : snapshot.maintenance().values()) {
      mode.value().exemptPaths().forEach(this::collectExempt);
    }
  }

  private void collectExempt(String exempt) {
    try {
      collectMethod(RouteKey.parse(exempt));
    } catch (InvalidValueException notAKey) {
      LOG.debug("exempt_paths has an entry that names no route: {}", notAKey.getMessage());
    }
  }

  private void collectMethod(RouteKey key) {
    String name = key.method();
    if (name == null) {
      return;
    }
    Set<HttpMethod> own = methods.computeIfAbsent(key.path(), path -> new LinkedHashSet<>());
    own.add(HttpMethod.valueOf(name));
    if (name.equals("GET")) {
      own.add(HttpMethod.HEAD);
    }
  }

  /** The verdict that holds now for a method of the template with this slot. */
  public Verdict verdict(int slot, HttpMethod method) {
    Table current = table;
    Verdict verdict = current.verdicts[slot].of(method);
    if (verdict.isTimed() && !verdict.holdsAt(clock.millis())) {
      return recompiled(current, slot, method);
    }
    return verdict;
  }

  /**
   * The first request past an edge compiles its template again. The array is shared and the write
   * is racy on purpose: a verdict is immutable and a pure function of the table's rules and the
   * time, so that whichever write is seen last is right or is replaced by the next request.
   */
  private Verdict recompiled(Table current, int slot, HttpMethod method) {
    TemplateVerdict fresh = current.verdicts[slot].recompile(current.rules, clock.millis());
    current.verdicts[slot] = fresh;
    return fresh.of(method);
  }
}
