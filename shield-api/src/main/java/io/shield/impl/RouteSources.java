package io.shield.impl;

import io.shield.internal.EngineInternals.RouteSource;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may know of routes that were not declared yet. Held weakly. Thread-safe. */
final class RouteSources {
  private static final Logger LOG = LoggerFactory.getLogger(RouteSources.class);

  private final List<WeakReference<RouteSource>> sources = new CopyOnWriteArrayList<>();

  void add(RouteSource source) {
    sources.removeIf(known -> known.get() == null);
    sources.add(new WeakReference<>(source));
  }

  /** Has everybody declare what is new. */
  void refresh() {
    for (WeakReference<RouteSource> reference : sources) {
      RouteSource source = reference.get();
      try {
        if (source != null) {
          source.refresh();
        }
      } catch (RuntimeException e) {
        LOG.error("A handler could not tell its routes; those known before can be changed", e);
      }
    }
  }
}
