package io.shield.testing;

import io.shield.ShieldEngine;
import io.shield.model.audit.AuditEntry;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** What an engine decides, and what its audit log tells. */
public final class EngineAssert extends AbstractAssert<EngineAssert, ShieldEngine> {
  private static final long PATIENCE_SECONDS = 30;

  EngineAssert(@Nullable ShieldEngine engine) {
    super(engine, EngineAssert.class);
  }

  /**
   * Goes on with one route.
   *
   * @param key the route's key, {@code GET:/payments}, or its bare path
   */
  public RouteAssert route(String key) {
    isNotNull();
    return new RouteAssert(actual, key);
  }

  /**
   * Checks the newest entry of the audit log.
   *
   * @param action what was done, see {@link io.shield.model.audit.AuditAction}
   * @param path the route's key, or the name of what is not a route
   * @param actor who did it
   */
  public EngineAssert lastChangeIs(String action, String path, String actor) {
    isNotNull();
    List<AuditEntry> newest = newest();
    if (newest.isEmpty()) {
      throw failure("expected %s of %s by %s, but the audit log is empty", action, path, actor);
    }
    AuditEntry last = newest.get(0);
    if (!last.action().equals(action) || !last.path().equals(path) || !last.actor().equals(actor)) {
      throw failure(
          "expected the last change to be %s of %s by %s, but it was %s of %s by %s",
          action, path, actor, last.action(), last.path(), last.actor());
    }
    return this;
  }

  private List<AuditEntry> newest() {
    try {
      return actual
          .audit()
          .newest(1)
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted");
    } catch (ExecutionException | TimeoutException e) {
      throw failure("the audit log could not be read: %s", e);
    }
  }
}
