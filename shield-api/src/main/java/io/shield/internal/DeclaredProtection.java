package io.shield.internal;

import io.vertx.core.Vertx;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the code of this process declares beside routes, so that an engine can find out whether a
 * handler enforces it. Declarations are known before there is any handler, or engine; they are held
 * weakly. One that is made on no Vert.x context (in {@code main}, say) is taken to be for the
 * newest open engine's Vert.x, or else for that of the next engine: a process may hold several, and
 * what is left of one that is closed does not concern the others. Thread-safe.
 */
@SuppressWarnings("ReferenceEquality") // one object for each instance of Vert.x
public final class DeclaredProtection {
  /** What is declared beside one route. Whoever declares it holds it as long as the route lives. */
  public interface Declared {
    /** What does not stand, in one line; null if a handler enforces it. */
    @Nullable String problem();
  }

  /** Stands for the Vert.x of an engine that is not created yet. */
  private static final WeakReference<@Nullable Vertx> NEXT = new WeakReference<>(null);

  /** With the Vert.x that each is for. */
  private static final Map<Declared, WeakReference<@Nullable Vertx>> ALL =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** The Vert.x of the newest engine, while that is open; guarded by {@link #ALL}. */
  private static WeakReference<@Nullable Vertx> newest = NEXT;

  private DeclaredProtection() {}

  /** Notes that an engine was created on a Vert.x. */
  public static void opened(Vertx vertx) {
    synchronized (ALL) {
      newest = new WeakReference<>(vertx);
      ALL.replaceAll((declared, owner) -> owner == NEXT ? newest : owner);
    }
  }

  /** Notes that an engine on a Vert.x was closed. */
  public static void closed(Vertx vertx) {
    synchronized (ALL) {
      if (newest.get() == vertx) {
        newest = NEXT;
      }
    }
  }

  /**
   * Notes a declaration.
   *
   * @param vertx the Vert.x on whose context it is made, or null if that is not known
   */
  public static void add(Declared declared, @Nullable Vertx vertx) {
    synchronized (ALL) {
      ALL.put(declared, vertx == null ? newest : new WeakReference<>(vertx));
    }
  }

  /** What does not stand of what was declared for a Vert.x. */
  public static List<String> problems(Vertx vertx) {
    synchronized (ALL) {
      return ALL.entrySet().stream()
          .filter(entry -> entry.getValue().get() == vertx)
          .map(entry -> entry.getKey().problem())
          .filter(problem -> problem != null)
          .sorted()
          .toList();
    }
  }
}
