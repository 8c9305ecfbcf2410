package io.shield.internal.gate;

import io.shield.decision.Decider;
import io.shield.decision.Site;
import io.shield.error.InvalidValueException;
import io.shield.internal.persistent.PagedArray;
import io.shield.internal.value.Parameters;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteKey;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.http.HttpMethod;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compiled verdicts of all templates, in one array that is swapped in one volatile write, so
 * that a change takes effect for all routes at once. The array is in pages, of which a change
 * copies those it concerns.
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
    final PagedArray<TemplateVerdict> verdicts;

    Table(GateRules rules, PagedArray<TemplateVerdict> verdicts) {
      this.rules = rules;
      this.verdicts = verdicts;
    }
  }

  private final InstantSource clock;
  private final Map<String, Slot> slots = new HashMap<>();
  private final Deque<Integer> free = new ArrayDeque<>();
  private int capacity;

  /** How often slots were assigned: what was compiled before lacks them. */
  private long assignments;

  private final Set<Lease> leases = new HashSet<>();
  private final ReferenceQueue<int[]> expired = new ReferenceQueue<>();

  /** The methods that a state or an exempt entry ever named; a few, so that they stay. */
  private final Set<String> methodNames = new LinkedHashSet<>();

  /** The exempt entries that name a method, as keys of routes with colons. */
  private final Set<String> exempt = new HashSet<>();

  private volatile Table table;

  /** Where a template's verdict stands. */
  private static final class Slot {
    final int index;

    /** Whether it stays when nobody holds it. */
    boolean kept;

    /** How many leases it has. */
    int leases;

    Slot(int index) {
      this.index = index;
    }
  }

  private static final class Lease extends WeakReference<int[]> {
    final List<String> templates;

    Lease(int[] slots, ReferenceQueue<int[]> queue, List<String> templates) {
      super(slots, queue);
      this.templates = templates;
    }
  }

  /** Gates of an engine that has not loaded its store yet. */
  public Gates(Site site, InstantSource clock, boolean closedUntilLoaded) {
    this.clock = clock;
    this.table =
        new Table(
            new GateRules(Snapshot.empty(Head.NONE), site, closedUntilLoaded, false),
            PagedArray.empty());
  }

  /** The slots of templates, in their order; a template keeps its slot for ever. */
  public synchronized int[] slots(List<String> wanted) {
    int[] assigned = assigned(wanted);
    wanted.forEach(template -> slotOf(template).kept = true);
    return assigned;
  }

  /**
   * The slots of templates, in their order, for as long as the returned array is reachable: who
   * judges requests by them holds the array itself. Afterwards others may get them.
   */
  public synchronized int[] lease(List<String> wanted) {
    int[] leased = assigned(wanted);
    leases.add(new Lease(leased, expired, List.copyOf(wanted)));
    wanted.forEach(template -> slotOf(template).leases++);
    return leased;
  }

  private Slot slotOf(String template) {
    return Objects.requireNonNull(slots.get(template));
  }

  private int[] assigned(List<String> wanted) {
    freeExpired();
    int[] result = new int[wanted.size()];
    Map<String, Slot> fresh = new HashMap<>();
    for (int i = 0; i < result.length; i++) {
      String template = wanted.get(i);
      Slot slot = slots.get(template);
      if (slot == null) {
        slot = new Slot(free.isEmpty() ? capacity++ : free.pop());
        slots.put(template, slot);
        fresh.put(template, slot);
      }
      result[i] = slot.index;
    }
    if (!fresh.isEmpty()) {
      assignments++;
      PagedArray.Editor<TemplateVerdict> verdicts = table.verdicts.edit().resize(capacity);
      fresh.forEach((template, slot) -> verdicts.set(slot.index, compile(table.rules, template)));
      table = new Table(table.rules, verdicts.done());
    }
    return result;
  }

  /** Frees the slots whose last holder is garbage. */
  private void freeExpired() {
    for (Reference<?> gone = expired.poll(); gone != null; gone = expired.poll()) {
      Lease lease = (Lease) gone;
      leases.remove(lease);
      for (String template : lease.templates) {
        Slot slot = slotOf(template);
        slot.leases--;
        if (slot.leases == 0 && !slot.kept) {
          free.push(slot.index);
          slots.remove(template);
        }
      }
    }
  }

  private TemplateVerdict compile(GateRules rules, String template) {
    return TemplateVerdict.compile(rules, template, methods(rules, template), clock.millis());
  }

  /** The methods of a template that have a state of their own, or are exempt by name. */
  private Set<HttpMethod> methods(GateRules rules, String template) {
    String colons = Parameters.colons(template);
    String braces = Parameters.braces(template);
    Set<HttpMethod> methods = new LinkedHashSet<>();
    for (String name : methodNames) {
      String key = name + ":" + colons;
      if (exempt.contains(key)
          || Decider.stateOfEither(rules.snapshot(), key, name + ":" + braces) != null) {
        methods.add(HttpMethod.valueOf(name));
        if (name.equals("GET")) {
          methods.add(HttpMethod.HEAD);
        }
      }
    }
    return methods;
  }

  /** What was compiled ahead and waits to be installed. */
  public static final class Prepared {
    private final Table table;
    private final long assignments;

    private Prepared(Table table, long assignments) {
      this.table = table;
      this.assignments = assignments;
    }
  }

  /** How many templates have a slot; compiling takes time in proportion. */
  public synchronized int size() {
    return slots.size();
  }

  /** Compiles a snapshot as a whole. May be called on a worker. */
  public synchronized Prepared prepare(Snapshot snapshot, boolean closedUntilLoaded) {
    nameMethods(snapshot.states().keySet());
    nameExempt(snapshot);
    GateRules old = table.rules;
    return prepared(
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
    nameMethods(keys);
    if (changed.stream().anyMatch(key -> key.kind() == DocumentKind.MAINTENANCE)) {
      nameExempt(snapshot);
      return prepared(compileAll(rules));
    }
    PagedArray.Editor<TemplateVerdict> verdicts = table.verdicts.edit();
    for (String key : keys) {
      String path = RouteKey.parse(key).path();
      for (String template : spellings(path)) {
        Slot slot = slots.get(template);
        if (slot != null) {
          verdicts.set(slot.index, compile(rules, template));
        }
      }
    }
    return prepared(new Table(rules, verdicts.done()));
  }

  /** The templates that a state may be of. */
  private static Set<String> spellings(String path) {
    Set<String> spellings = new LinkedHashSet<>();
    spellings.add(path);
    spellings.add(Parameters.colons(path));
    spellings.add(Parameters.braces(path));
    return spellings;
  }

  private Prepared prepared(Table compiled) {
    return new Prepared(compiled, assignments);
  }

  /** Enforces what was prepared, from the next request on. */
  public synchronized void install(Prepared prepared) {
    Table next = prepared.table;
    boolean bypassed = table.rules.bypassed();
    boolean whole = prepared.assignments == assignments;
    table =
        whole && next.rules.bypassed() == bypassed
            ? next
            : compileAll(next.rules.withBypass(bypassed));
  }

  /** Compiles and enforces a snapshot as a whole. */
  public void replace(Snapshot snapshot, boolean closedUntilLoaded) {
    install(prepare(snapshot, closedUntilLoaded));
  }

  /** Compiles and enforces a snapshot that differs in the given documents only. */
  public void update(Snapshot snapshot, Collection<DocumentKey> changed) {
    install(prepare(snapshot, changed));
  }

  /** What verdicts are compiled from. */
  GateRules rules() {
    return table.rules;
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
    PagedArray.Editor<TemplateVerdict> verdicts =
        PagedArray.<TemplateVerdict>empty().edit().resize(capacity);
    slots.forEach((template, slot) -> verdicts.set(slot.index, compile(rules, template)));
    return new Table(rules, verdicts.done());
  }

  private void nameMethods(Collection<String> stateKeys) {
    for (String key : stateKeys) {
      String method = RouteKey.parse(key).method();
      if (method != null) {
        methodNames.add(method);
      }
    }
  }

  private void nameExempt(Snapshot snapshot) {
    exempt.clear();
    for (Versioned<MaintenanceMode> mode : snapshot.maintenance().values()) {
      mode.value().exemptPaths().forEach(this::nameExempt);
    }
  }

  private void nameExempt(String entry) {
    try {
      RouteKey key = RouteKey.parse(entry);
      if (key.method() != null) {
        methodNames.add(key.method());
        exempt.add(key.method() + ":" + Parameters.colons(key.path()));
      }
    } catch (InvalidValueException notAKey) {
      LOG.debug("exempt_paths has an entry that names no route: {}", notAKey.getMessage());
    }
  }

  /** The verdict that holds now for a method of the template with this slot. */
  public Verdict verdict(int slot, HttpMethod method) {
    Table current = table;
    Verdict verdict = ofTemplate(current, slot).of(method);
    if (verdict.isTimed() && !verdict.holdsAt(clock.millis())) {
      return recompiled(current, slot, method);
    }
    return verdict;
  }

  private static TemplateVerdict ofTemplate(Table current, int slot) {
    return Objects.requireNonNull(current.verdicts.get(slot));
  }

  /**
   * The first request past an edge compiles its template again. The array is shared and the write
   * is racy on purpose: a verdict is immutable and a pure function of the table's rules and the
   * time, so that whichever write is seen last is right or is replaced by the next request. Of
   * tables that share the page the rules are the same for the template: where they are not, it was
   * compiled anew, in a page of its own.
   */
  private Verdict recompiled(Table current, int slot, HttpMethod method) {
    TemplateVerdict fresh = ofTemplate(current, slot).recompile(current.rules, clock.millis());
    current.verdicts.renew(slot, fresh);
    return fresh.of(method);
  }
}
