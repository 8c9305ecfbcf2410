package io.shield.web.index;

import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The index of a router that may change: built when it is first asked for, and again when it is
 * asked for after a change.
 *
 * <p>Vert.x tells each router's {@code modifiedHandler} of a route that is added or removed; here
 * that only counts, and the index is built on the thread that asks for it. Vert.x tells of nothing
 * else: not of metadata, methods, a name or a further handler given to a route that is there
 * already (also by the rest of a chain such as {@code route("/x").handler(h).putMetadata(..)},
 * which another thread may see half done), not even of the sub-router that a mount gets after it
 * was added. So the route a request is found to end in is compared with what was indexed, which
 * costs a few reads, and a changed endpoint is noticed by the first request that finds it. Any
 * other route is noticed when {@link #look} or {@link #refresh} comes to it, which no request does:
 * where there are many routes, to look at one of them takes as long as to find another.
 *
 * <p>Not noticed until the next change: {@code useNormalizedPath} on a route that was indexed
 * before, a virtual host or media types given to it, {@code disable} and {@code enable}. What takes
 * requests away from closed routes is therefore looked at when that matters: {@link
 * Endpoint#takes}.
 *
 * <p>Thread-safe. Asking an unchanged index allocates nothing and takes no lock.
 */
public final class LiveRouteIndex {
  private static final int LOOKS = 256;

  /** So many looks of a kind that is made every second come round to all routes. */
  private static final int ROUND = 16;

  private final Router router;
  private final Prefix mount;
  private final String metadataKey;
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicInteger looks = new AtomicInteger();
  private final Set<Router> watched =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
  private volatile @Nullable Built built;

  /** An index and the number of changes counted before it was begun. */
  private record Built(RouteIndex index, int changes) {}

  /**
   * Prepares the index of a router; reads no route yet.
   *
   * @param metadataKey the key under which a route carries Shield metadata
   */
  public LiveRouteIndex(Router router, String metadataKey) {
    this(router, null, metadataKey);
  }

  /**
   * As {@link #LiveRouteIndex(Router, String)}, for a router that is mounted somewhere.
   *
   * @param mountPoint the template it is mounted at, or null for the root
   */
  public LiveRouteIndex(Router router, @Nullable String mountPoint, String metadataKey) {
    this.router = Objects.requireNonNull(router, "router");
    this.mount = Prefix.of(mountPoint);
    this.metadataKey = Objects.requireNonNull(metadataKey, "metadataKey");
  }

  /**
   * Whether a request comes through the mount point of this index.
   *
   * @param reached {@code ctx.mountPoint()}, or null for the root
   * @param normalizedPath {@code ctx.normalizedPath()}
   */
  public boolean isReached(@Nullable String reached, String normalizedPath) {
    int end = reached == null ? 0 : reached.length() - (reached.endsWith("/") ? 1 : 0);
    return mount.strip(normalizedPath) == end;
  }

  /**
   * The templates of the places where a router is mounted in this one.
   *
   * @throws IllegalStateException if a router is mounted inside itself
   */
  public Set<String> mountsOf(Router inner) {
    return get().mountsOf(inner);
  }

  /**
   * The index of the router as it is; the same object until the router changes. One request should
   * ask once, since ordinals hold within one index only.
   *
   * @throws IllegalStateException if a router is mounted inside itself
   */
  public RouteIndex get() {
    Built last = built;
    return last != null && isCurrent(last) ? last.index : build();
  }

  /**
   * Looks at {@value #LOOKS} routes, at others each time, so that the next {@link #get} reads the
   * router again if one of them differs from what was indexed. It is called with every change of
   * any route, and would otherwise take long in a large router.
   */
  public void refresh() {
    look(LOOKS);
  }

  /**
   * Looks at all routes of a small router, and at one in {@value #ROUND} of a large one, at others
   * each time. False if one differs from what was indexed: then the next {@link #get} reads the
   * router again.
   */
  public boolean look() {
    Built last = built;
    return last == null || look(Math.max(ROUND * LOOKS, last.index.size() / ROUND));
  }

  private boolean look(int count) {
    Built last = built;
    boolean unchanged = last == null || last.index.isUnchanged(looks.getAndAdd(count), count);
    if (!unchanged) {
      changes.incrementAndGet();
    }
    return unchanged;
  }

  private boolean isCurrent(Built last) {
    return last.changes == changes.get() && !last.index.isOutdated();
  }

  private RouteIndex build() {
    // Counted before reading: a change made meanwhile outdates the result.
    int before = changes.get();
    List<Router> added = new ArrayList<>();
    RouteIndex index = RouteIndex.of(router, mount, metadataKey, any -> watch(any, added));
    built = new Built(index, before + added.size());
    return index;
  }

  private void watch(Router any, List<Router> added) {
    if (watched.add(any)) {
      any.modifiedHandler(modified -> changes.incrementAndGet());
      // Counts as a change, for a thread that read this router just before the line above.
      changes.incrementAndGet();
      added.add(any);
    }
  }
}
