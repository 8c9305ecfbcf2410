package io.shield.internal.adoption;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.internal.Dialect;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a state means that somebody else wrote into a store. */
public final class ForeignStates {
  private ForeignStates() {}

  /**
   * The state to take over.
   *
   * @param known what was known under its key, or null
   * @param found what was found
   * @param plain whether the writer does not know Shield's own fields
   * @param now when it was found
   */
  public static RouteState merge(
      @Nullable RouteState known, RouteState found, boolean plain, Instant now) {
    RouteState next = known != null && plain ? withFieldsOf(known, found) : found;
    if (known != null && next.withVersion(0).equals(known.withVersion(0))) {
      return next;
    }
    return decidedNow(known, next, now);
  }

  /**
   * The rate limit to take over, or another value as it is. Who writes anew what it read, with the
   * algorithm that waygate is given for one that it does not know, did not mean to change that.
   *
   * @param known what was known under its key, or null
   * @param found what was found
   */
  public static DocumentValue limit(@Nullable DocumentValue known, DocumentValue found) {
    boolean limits =
        (known instanceof RateLimitPolicy && found instanceof RateLimitPolicy)
            || (known instanceof GlobalRateLimitPolicy && found instanceof GlobalRateLimitPolicy);
    if (known == null || !limits) {
      return found;
    }
    JsonNode asWaygate = Dialect.WAYGATE.write(ShieldJson.writeValue(known));
    ((ObjectNode) asWaygate).remove("base_algorithm");
    return asWaygate.equals(ShieldJson.writeValue(found)) ? known : found;
  }

  /** A writer that does not know Shield's own fields did not mean to clear them. */
  private static RouteState withFieldsOf(RouteState known, RouteState state) {
    boolean sameWindow = Objects.equals(known.window(), state.window());
    boolean newStatus = known.status() != state.status();
    return state.toBuilder()
        .until(newStatus ? null : known.until())
        .windows(sameWindow ? known.windows() : state.windows())
        .canaryPercentage(known.canaryPercentage())
        .declaredAllowed(known.declaredAllowed())
        .deprecatedAt(known.deprecatedAt())
        .since(known.since())
        .origin(known.origin())
        .build();
  }

  /** Whoever writes past Shield decides at run time, and now; unless what is written says else. */
  private static RouteState decidedNow(@Nullable RouteState known, RouteState next, Instant now) {
    RouteState.Builder out = next.toBuilder();
    if (known != null && known.origin() == next.origin()) {
      out.origin(Origin.RUNTIME);
    }
    boolean decided =
        known == null
            || known.status() != next.status()
            || !known.windows().equals(next.windows())
            || !Objects.equals(known.until(), next.until());
    Instant since = known == null ? null : known.since();
    if (decided && Objects.equals(since, next.since())) {
      out.since(now);
    }
    boolean deprecated =
        next.status() == RouteStatus.DEPRECATED
            && (known == null || known.status() != RouteStatus.DEPRECATED);
    Instant deprecatedAt = known == null ? null : known.deprecatedAt();
    if (deprecated && Objects.equals(deprecatedAt, next.deprecatedAt())) {
      out.deprecatedAt(now);
    }
    return out.build();
  }
}
