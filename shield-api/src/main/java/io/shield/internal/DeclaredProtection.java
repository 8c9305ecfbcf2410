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
 * weakly. Thread-safe.
 */
public final class DeclaredProtection {
  /** What is declared beside one route. Whoever declares it holds it as long as the route lives. */
  public interface Declared {
    /** What does not stand, in one line; null if a handler enforces it. */
    @Nullable String problem();
  }

  /** With the Vert.x on whose context it was declared, if there was one. */
  private static final Map<Declared, WeakReference<@Nullable Vertx>> ALL =
      Collections.synchronizedMap(new WeakHashMap<>());

  private DeclaredProtection() {}

  /**
   * Notes a declaration.
   *
   * @param vertx the Vert.x on whose context it is made, or null if that is not known
   */
  public static void add(Declared declared, @Nullable Vertx vertx) {
    ALL.put(declared, new WeakReference<>(vertx));
  }

  /** What does not stand of what was declared on a Vert.x, or where that is not known. */
  public static List<String> problems(Vertx vertx) {
    synchronized (ALL) {
      return ALL.entrySet().stream()
          .filter(entry -> isOf(entry.getValue().get(), vertx))
          .map(entry -> entry.getKey().problem())
          .filter(problem -> problem != null)
          .sorted()
          .toList();
    }
  }

  @SuppressWarnings("ReferenceEquality") // one object for each instance
  private static boolean isOf(@Nullable Vertx owner, Vertx vertx) {
    return owner == null || owner == vertx;
  }
}
