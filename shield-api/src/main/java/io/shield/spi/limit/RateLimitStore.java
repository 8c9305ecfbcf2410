package io.shield.spi.limit;

import io.shield.spi.limit.Hits.InProcess;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rate-limit hits. The engine gathers them and writes at most one batch a second, however
 * many requests are refused. Methods may be called from any thread and must not block.
 */
public interface RateLimitStore {
  /** How many hits are kept; the oldest go first. */
  int MAX_HITS = 10_000;

  /** Keeps hits in this process. */
  static RateLimitStore inProcess() {
    return new InProcess();
  }

  /**
   * Keeps a batch. A hit with the same path, method, key, limit, tier and shadow as one that is
   * kept is added to it: counts are summed, the later times stay, the kept id and first time too.
   */
  Future<Void> record(List<RateLimitHit> batch);

  /** The hits that match, the one with the latest refusal first. */
  Future<List<RateLimitHit>> hits(HitQuery query);

  /**
   * Where the engine keeps what it has counted beyond its own end: asked once, and read before
   * requests are charged where that is possible. Null, the default, if nothing is kept.
   */
  default @Nullable CounterStore counters() {
    return null;
  }
}
