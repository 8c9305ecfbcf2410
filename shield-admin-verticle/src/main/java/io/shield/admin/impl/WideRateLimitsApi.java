package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.WideRateLimit;
import io.shield.error.VersionMismatchException;
import io.shield.internal.limit.RateLimiting;
import io.shield.json.ShieldJson;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.store.Versioned;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rate limits of the fleet and of services. */
final class WideRateLimitsApi {
  private static final int RACES = 5;

  private final ShieldEngine engine;

  WideRateLimitsApi(ShieldEngine engine) {
    this.engine = engine;
  }

  List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    all.addAll(endpoints("/api/global-rate-limit", call -> engine.rateLimits().global()));
    all.addAll(
        endpoints(
            "/api/services/:service/rate-limit",
            call -> engine.rateLimits().service(call.service())));
    return all;
  }

  private List<Endpoint> endpoints(String path, Function<Call, WideRateLimit> of) {
    return List.of(
        Endpoint.get(path, Access.VIEWER, call -> shown(of.apply(call)).now()),
        Endpoint.post(path, Access.OPERATOR, call -> set(call, of.apply(call))),
        Endpoint.patch(path, Access.OPERATOR, call -> patch(call, of.apply(call), RACES)),
        Endpoint.delete(path, Access.OPERATOR, call -> delete(call, of.apply(call))),
        Endpoint.post(
            path + "/enable", Access.OPERATOR, call -> enable(call, of.apply(call), true)),
        Endpoint.post(
            path + "/disable", Access.OPERATOR, call -> enable(call, of.apply(call), false)),
        Endpoint.delete(path + "/reset", Access.OPERATOR, call -> reset(call, of.apply(call)))
            .reads("key"));
  }

  private String tag(WideRateLimit limit) {
    long version = limit.get().map(Versioned::version).orElse(0L);
    return ETags.of(engine.snapshot().head(), version);
  }

  private static ObjectNode json(WideRateLimit limit) {
    Optional<Versioned<GlobalRateLimitPolicy>> policy = limit.get();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("enabled", policy.isPresent() && policy.get().value().enabled());
    body.set("policy", policy.map(p -> ShieldJson.write(p.value())).orElse(null));
    return body;
  }

  private Answer shown(WideRateLimit limit) {
    return Answer.json(json(limit)).with("ETag", tag(limit));
  }

  private Future<Answer> set(Call call, WideRateLimit limit) {
    GlobalRateLimitPolicy policy = ShieldJson.readGlobalRateLimitPolicy(call.json());
    if (call.body().flag(PolicyPatch.DRY_RUN, false)) {
      RateLimiting.check(policy);
      GlobalRateLimitPolicy before = limit.get().map(Versioned::value).orElse(null);
      ObjectNode body = ShieldJson.write(policy);
      body.set("changes", PolicyPatch.changes(before, policy));
      return Answer.json(body).now();
    }
    return ifMatching(
        call,
        limit,
        version ->
            limit
                .set(policy, version, call.actor())
                .map(
                    written ->
                        Answer.json(201, ShieldJson.write(written.value()))
                            .with("ETag", tag(limit))));
  }

  /** Changes the fields that are given, and tells which changed. */
  private Future<Answer> patch(Call call, WideRateLimit limit, int races) {
    Versioned<GlobalRateLimitPolicy> before =
        limit
            .get()
            .orElseThrow(() -> new RefusedException(404, "UNKNOWN_POLICY", "no limit is set"));
    if (!ETags.allows(call.ifMatch(), engine.snapshot().head(), before.version())) {
      return mismatch(limit).now();
    }
    GlobalRateLimitPolicy after =
        ShieldJson.readGlobalRateLimitPolicy(
            PolicyPatch.apply(ShieldJson.write(before.value()), call.json()));
    if (call.body().flag(PolicyPatch.DRY_RUN, false)) {
      RateLimiting.check(after);
      return changed(before.value(), after).now();
    }
    return limit
        .set(after, before.version(), call.actor())
        .map(written -> changed(before.value(), written.value()).with("ETag", tag(limit)))
        .recover(
            failure -> {
              if (!(failure instanceof VersionMismatchException)) {
                return Future.failedFuture(failure);
              }
              boolean again = call.ifMatch() == null && races > 0;
              return again ? patch(call, limit, races - 1) : mismatch(limit).now();
            });
  }

  private static Answer changed(GlobalRateLimitPolicy before, GlobalRateLimitPolicy after) {
    ObjectNode body = ShieldJson.write(after);
    body.set("changes", PolicyPatch.changes(before, after));
    return Answer.json(body);
  }

  private Future<Answer> delete(Call call, WideRateLimit limit) {
    return ifMatching(
        call, limit, version -> limit.delete(version, call.actor()).map(v -> Answer.ok()));
  }

  private Future<Answer> enable(Call call, WideRateLimit limit, boolean enabled) {
    return ifMatching(
        call,
        limit,
        version ->
            (enabled ? limit.resume(version, call.actor()) : limit.pause(version, call.actor()))
                .map(done -> Answer.ok().with("ETag", tag(limit))));
  }

  /** Of all, or with {@code ?key=ip:192.0.2.1} of one key. The policy stays what it is. */
  private Future<Answer> reset(Call call, WideRateLimit limit) {
    String key = call.parameter("key");
    return ifMatching(
        call,
        limit,
        version ->
            (key == null ? limit.reset(call.actor()) : limit.resetKey(key, call.actor()))
                .map(v -> Answer.ok()));
  }

  private interface Change {
    Future<Answer> apply(@Nullable Long ifVersion);
  }

  private Future<Answer> ifMatching(Call call, WideRateLimit limit, Change change) {
    long version = limit.get().map(Versioned::version).orElse(0L);
    if (!ETags.allows(call.ifMatch(), engine.snapshot().head(), version)) {
      return mismatch(limit).now();
    }
    return change
        .apply(call.ifMatch() == null ? null : Long.valueOf(version))
        .recover(
            failure ->
                failure instanceof VersionMismatchException
                    ? mismatch(limit).now()
                    : Future.failedFuture(failure));
  }

  private Answer mismatch(WideRateLimit limit) {
    ObjectNode body = Errors.body("VERSION_MISMATCH", "it was changed by somebody else: see state");
    body.set("state", json(limit));
    return Answer.json(412, body).with("ETag", tag(limit));
  }
}
