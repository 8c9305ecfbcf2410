package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.admin.Role;
import io.shield.error.UnknownPolicyException;
import io.shield.error.VersionMismatchException;
import io.shield.internal.limit.RateLimiting;
import io.shield.json.ShieldJson;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.RateLimitStore;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rate limits of routes, and who ran into them. */
final class RateLimitsApi {
  private static final String PATH = "path";

  private static final int RACES = 5;

  private final ShieldEngine engine;

  RateLimitsApi(ShieldEngine engine) {
    this.engine = engine;
  }

  List<Endpoint> endpoints() {
    String all = "/api/rate-limits";
    String one = all + "/:key";
    return List.of(
        Endpoint.get(all, Access.SIGNED_IN, this::list).listing(PATH, "service"),
        Endpoint.post(all, Access.OPERATOR, this::set),
        Endpoint.patch(all, Access.OPERATOR, this::patch).reads(PATH),
        Endpoint.delete(all, Access.OPERATOR, this::delete).reads(PATH),
        Endpoint.get(all + "/hits", Access.VIEWER, this::hits).listing("route"),
        Endpoint.delete(all + "/reset", Access.OPERATOR, this::resetAll)
            .reads(PATH, "method", "key"),
        Endpoint.post(all + "/pause", Access.OPERATOR, call -> enable(call, false)).reads(PATH),
        Endpoint.post(all + "/resume", Access.OPERATOR, call -> enable(call, true)).reads(PATH),
        Endpoint.get(one, Access.VIEWER, this::get).reads(PATH),
        Endpoint.patch(one, Access.OPERATOR, this::patch).reads(PATH),
        Endpoint.delete(one, Access.OPERATOR, this::delete).reads(PATH),
        Endpoint.delete(one + "/reset", Access.OPERATOR, this::reset).reads(PATH, "method", "key"),
        Endpoint.post(one + "/pause", Access.OPERATOR, call -> enable(call, false)).reads(PATH),
        Endpoint.post(one + "/resume", Access.OPERATOR, call -> enable(call, true)).reads(PATH));
  }

  /** A service's client gets that service's policies, under the paths its code knows. */
  private Future<Answer> list(Call call) {
    boolean sdk = call.principal().role() == Role.SDK;
    if (call.parameter("path") != null) {
      if (sdk) {
        throw RefusedException.forbidden("a service's token gets the list of its policies only");
      }
      return get(call);
    }
    String client = AuthApi.service(call.ctx());
    String asked = call.parameter("service");
    String service = ServiceView.visible(call, asked == null ? client : asked);
    List<Versioned<RateLimitPolicy>> all = engine.rateLimits().list();
    List<Versioned<RateLimitPolicy>> policies =
        service != null && (sdk || client != null)
            ? ServiceView.local(all, service)
            : all.stream()
                .filter(policy -> service == null || service.equals(serviceOf(policy.value())))
                .toList();
    long revision = engine.snapshot().head().revision();
    return Page.of(call, policies).answer(this::json).with("ETag", tag(revision)).now();
  }

  private static @Nullable String serviceOf(RateLimitPolicy policy) {
    return RouteKey.parse(policy.path()).service();
  }

  /** With {@code problem} if it is not in force. */
  private ObjectNode json(Versioned<RateLimitPolicy> policy) {
    ObjectNode body = ShieldJson.write(policy.value()).put("version", policy.version());
    String problem = engine.rateLimits().problems().get(policy.value().key());
    return problem == null ? body : body.put("problem", problem);
  }

  private String tag(long version) {
    return ETags.of(engine.snapshot().head(), version);
  }

  private Answer shown(int status, Versioned<RateLimitPolicy> policy) {
    return Answer.json(status, json(policy)).with("ETag", tag(policy.version()));
  }

  private Future<Answer> get(Call call) {
    String key = call.rawKey();
    return shown(200, known(key)).now();
  }

  private Versioned<RateLimitPolicy> known(String key) {
    return engine.rateLimits().get(key).orElseThrow(() -> new UnknownPolicyException(key));
  }

  private Future<Answer> set(Call call) {
    RateLimitPolicy policy =
        ShieldJson.readRateLimitPolicy(call.json()).normalized().toBuilder()
            .origin(Origin.RUNTIME)
            .build();
    String key = policy.key();
    if (call.body().flag(PolicyPatch.DRY_RUN, false)) {
      return rehearsed(call, policy);
    }
    return ifMatching(
        call,
        key,
        version ->
            engine
                .rateLimits()
                .set(policy, version, call.actor())
                .map(written -> shown(201, written)));
  }

  /** What would be written, refused by what would refuse it. */
  private Future<Answer> rehearsed(Call call, RateLimitPolicy policy) {
    RateLimiting.check(policy);
    Snapshot snapshot = engine.snapshot();
    RateLimiting.checkKnown(snapshot, policy);
    Versioned<RateLimitPolicy> before = engine.rateLimits().get(policy.key()).orElse(null);
    if (!ETags.allows(call.ifMatch(), snapshot.head(), before == null ? 0 : before.version())) {
      return mismatch(policy.key()).now();
    }
    ObjectNode body = ShieldJson.write(policy);
    body.set("changes", PolicyPatch.changes(before == null ? null : before.value(), policy));
    return Answer.json(body).now();
  }

  /** Changes the fields that are given, and tells which changed. */
  private Future<Answer> patch(Call call) {
    return patch(call, known(call.rawKey()), RACES);
  }

  private Future<Answer> patch(Call call, Versioned<RateLimitPolicy> before, int races) {
    String key = before.value().key();
    if (!ETags.allows(call.ifMatch(), engine.snapshot().head(), before.version())) {
      return mismatch(key).now();
    }
    ObjectNode fields = PolicyPatch.apply(ShieldJson.write(before.value()), call.json());
    RateLimitPolicy after = ShieldJson.readRateLimitPolicy(fields);
    if (call.body().flag(PolicyPatch.DRY_RUN, false)) {
      RateLimiting.check(after);
      return changed(before.value(), new Versioned<>(after, before.version())).now();
    }
    return engine
        .rateLimits()
        .set(after, before.version(), call.actor())
        .map(written -> changed(before.value(), written))
        .recover(
            failure -> {
              if (!(failure instanceof VersionMismatchException)) {
                return Future.failedFuture(failure);
              }
              // What was asked for holds of whatever the policy is meanwhile.
              boolean again = call.ifMatch() == null && races > 0;
              return again ? patch(call, known(key), races - 1) : mismatch(key).now();
            });
  }

  private Answer changed(RateLimitPolicy before, Versioned<RateLimitPolicy> after) {
    ObjectNode body = json(after);
    body.set("changes", PolicyPatch.changes(before, after.value()));
    return Answer.json(body).with("ETag", tag(after.version()));
  }

  private Future<Answer> delete(Call call) {
    String key = call.rawKey();
    RateLimitPolicy policy = known(key).value();
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("ok", true);
    body.put("path", policy.path()).put("method", policy.method());
    return ifMatching(
        call,
        key,
        version ->
            engine.rateLimits().delete(key, version, call.actor()).map(v -> Answer.json(body)));
  }

  private interface Change {
    Future<Answer> apply(@Nullable Long ifVersion);
  }

  /** Makes a change if the policy is still what the caller saw; else tells what it is now. */
  private Future<Answer> ifMatching(Call call, String key, Change change) {
    Optional<Versioned<RateLimitPolicy>> now = engine.rateLimits().get(key);
    long version = now.map(Versioned::version).orElse(0L);
    if (!ETags.allows(call.ifMatch(), engine.snapshot().head(), version)) {
      return mismatch(key).now();
    }
    return change
        .apply(call.ifMatch() == null ? null : Long.valueOf(version))
        .recover(
            failure ->
                failure instanceof VersionMismatchException
                    ? mismatch(key).now()
                    : Future.failedFuture(failure));
  }

  private Answer mismatch(String key) {
    ObjectNode body = Errors.body("VERSION_MISMATCH", key + " was changed by somebody else");
    Optional<Versioned<RateLimitPolicy>> now = engine.rateLimits().get(key);
    now.ifPresent(policy -> body.set("state", json(policy)));
    return Answer.json(412, body).with("ETag", tag(now.map(Versioned::version).orElse(0L)));
  }

  private Answer listMismatch(Head head) {
    ObjectNode body = Errors.body("VERSION_MISMATCH", "something was changed meanwhile: see state");
    ArrayNode state = body.putArray("state");
    engine.rateLimits().list().forEach(policy -> state.add(json(policy)));
    return Answer.json(412, body).with("ETag", tag(head.revision()));
  }

  private Future<Answer> enable(Call call, boolean enabled) {
    String key = known(call.rawKey()).value().key();
    return ifMatching(
        call,
        key,
        version ->
            (enabled
                    ? engine.rateLimits().resume(key, version, call.actor())
                    : engine.rateLimits().pause(key, version, call.actor()))
                .map(policy -> shown(200, policy)));
  }

  /** Of everything; with a path, as {@link #reset}. */
  private Future<Answer> resetAll(Call call) {
    boolean all = Stream.of("path", "method", "key").allMatch(name -> call.parameter(name) == null);
    if (!all) {
      return reset(call);
    }
    Head head = engine.snapshot().head();
    return ETags.allows(call.ifMatch(), head, head.revision())
        ? engine.rateLimits().resetAll(call.actor()).map(v -> Answer.ok())
        : listMismatch(head).now();
  }

  /**
   * Of a route, or with {@code ?key=ip:192.0.2.1} of one key. As a route may have several policies,
   * the entity tag is that of the list.
   */
  private Future<Answer> reset(Call call) {
    String path = call.rawKey();
    Head head = engine.snapshot().head();
    if (!ETags.allows(call.ifMatch(), head, head.revision())) {
      return listMismatch(head).now();
    }
    String method = call.parameter("method");
    String key = call.parameter("key");
    Future<Void> done =
        key == null
            ? engine.rateLimits().reset(path, method, call.actor())
            : engine.rateLimits().resetKey(policyKey(path, method), key, call.actor());
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("ok", true).put("path", path);
    return done.map(v -> Answer.json(body));
  }

  private static String policyKey(String path, @Nullable String method) {
    return method == null ? path : method + ":" + path;
  }

  private Future<Answer> hits(Call call) {
    int limit = call.number("limit", 50, 1, RateLimitStore.MAX_HITS);
    int offset = call.number("offset", 0, 0, Integer.MAX_VALUE);
    String route = call.parameter("route");
    return engine
        .rateLimits()
        .hits(new HitQuery(route, RateLimitStore.MAX_HITS, 0))
        .map(
            hits -> {
              int from = Math.min(offset, hits.size());
              int to = (int) Math.min((long) from + limit, hits.size());
              return new Page<>(hits.subList(from, to), hits.size()).answer(ShieldJson::write);
            });
  }
}
