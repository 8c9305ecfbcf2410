package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.Webhooks;
import io.shield.error.VersionMismatchException;
import io.shield.json.Fields;
import io.shield.json.WebhookJson;
import io.shield.model.Origin;
import io.shield.model.webhook.Delivery;
import io.shield.model.webhook.Webhook;
import io.shield.model.webhook.WebhookStatus;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is told of changes, and what became of that. For admins only: addresses are secrets too. */
final class WebhooksApi {
  private final ShieldEngine engine;

  WebhooksApi(ShieldEngine engine) {
    this.engine = engine;
  }

  List<Endpoint> endpoints() {
    String all = "/api/webhooks";
    String one = all + "/:name";
    return List.of(
        Endpoint.get(all, Access.ADMIN, this::list).listing(),
        Endpoint.post(all, Access.ADMIN, this::set),
        Endpoint.get(one, Access.ADMIN, call -> shown(name(call)).now()),
        Endpoint.delete(one, Access.ADMIN, this::delete),
        Endpoint.post(one + "/enable", Access.ADMIN, call -> enable(call, true)),
        Endpoint.post(one + "/disable", Access.ADMIN, call -> enable(call, false)),
        Endpoint.post(one + "/rotate", Access.ADMIN, this::rotate),
        Endpoint.post(one + "/test", Access.ADMIN, this::test),
        Endpoint.get(one + "/deliveries", Access.ADMIN, this::deliveries).listing(),
        Endpoint.post(one + "/deliveries/:id/redeliver", Access.ADMIN, this::redeliver));
  }

  private static String name(Call call) {
    return Webhook.checkName("name", String.valueOf(call.pathParameter("name")));
  }

  private Future<Answer> list(Call call) {
    return Page.of(call, engine.webhooks().list()).answer(this::json).now();
  }

  private ObjectNode json(Webhook webhook) {
    ObjectNode body = WebhookJson.write(webhook);
    WebhookStatus status = engine.webhooks().status(webhook.name()).orElse(null);
    if (status != null) {
      body.put("pending", status.pending());
      body.put("retrying", status.retrying());
      body.put("parked", status.parked());
      body.put("dropped", status.dropped());
      body.put("sender", status.sender());
      body.put("node_problem", status.problem());
    }
    return body;
  }

  private Answer shown(String name) {
    return shown(200, known(name), null);
  }

  private Webhook known(String name) {
    return engine
        .webhooks()
        .get(name)
        .orElseThrow(
            () ->
                new RefusedException(404, "UNKNOWN_WEBHOOK", "there is no webhook '" + name + "'"));
  }

  private Answer shown(int status, Webhook webhook, @Nullable String secret) {
    ObjectNode body = json(webhook);
    if (secret != null) {
      body.put("secret", secret);
    }
    return Answer.json(status, body)
        .with("ETag", ETags.of(engine.snapshot().head(), webhook.version()));
  }

  /** What is not said of one that is there is its default, as everywhere with {@code POST}. */
  private Future<Answer> set(Call call) {
    Fields in = call.body();
    Webhook wanted =
        new Webhook(
            in.required("name"),
            in.required("url"),
            in.string("format", Webhook.DEFAULT_FORMAT),
            in.strings("events"),
            in.string("secret_env"),
            in.flag("enabled", true),
            null,
            Origin.RUNTIME,
            0);
    String secret = in.string("secret");
    List<String> warnings = call.ifMatch() == null ? overlaps(wanted) : List.of();
    return ifMatching(
        call,
        wanted.name(),
        version ->
            engine
                .webhooks()
                .set(wanted, secret, version, call.actor())
                .map(written -> shown(201, written.webhook(), written.secret()).warned(warnings)));
  }

  /** What whoever adds a webhook may not know, unless the request says that one is replaced. */
  private List<String> overlaps(Webhook wanted) {
    List<String> told = new ArrayList<>();
    for (Webhook known : engine.webhooks().list()) {
      if (known.name().equals(wanted.name())) {
        told.add("the webhook '" + known.name() + "' was there already and is replaced");
      } else if (known.url().equals(wanted.url())) {
        told.add("the webhook '" + known.name() + "' has the same URL, which is told twice");
      }
    }
    return told;
  }

  private Future<Answer> delete(Call call) {
    String name = known(name(call)).name();
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("ok", true).put("name", name);
    return ifMatching(
        call,
        name,
        version ->
            engine.webhooks().delete(name, version, call.actor()).map(v -> Answer.json(body)));
  }

  private interface Change {
    Future<Answer> apply(@Nullable Long ifVersion);
  }

  private Future<Answer> ifMatching(Call call, String name, Change change) {
    long version = engine.webhooks().get(name).map(Webhook::version).orElse(0L);
    if (!ETags.allows(call.ifMatch(), engine.snapshot().head(), version)) {
      return mismatch(name).now();
    }
    return change
        .apply(call.ifMatch() == null ? null : Long.valueOf(version))
        .recover(
            failure ->
                failure instanceof VersionMismatchException
                    ? mismatch(name).now()
                    : Future.failedFuture(failure));
  }

  private Answer mismatch(String name) {
    ObjectNode body = Errors.body("VERSION_MISMATCH", name + " was changed by somebody else");
    Optional<Webhook> now = engine.webhooks().get(name);
    now.ifPresent(webhook -> body.set("state", json(webhook)));
    long version = now.map(Webhook::version).orElse(0L);
    return Answer.json(412, body).with("ETag", ETags.of(engine.snapshot().head(), version));
  }

  private Future<Answer> enable(Call call, boolean enabled) {
    String name = known(name(call)).name();
    Webhooks webhooks = engine.webhooks();
    return ifMatching(
        call,
        name,
        version ->
            (enabled
                    ? webhooks.enable(name, version, call.actor())
                    : webhooks.disable(name, version, call.actor()))
                .map(webhook -> shown(200, webhook, null)));
  }

  private Future<Answer> rotate(Call call) {
    String name = known(name(call)).name();
    return ifMatching(
        call,
        name,
        version ->
            engine
                .webhooks()
                .rotateSecret(name, version, call.actor())
                .map(written -> shown(200, written.webhook(), written.secret())));
  }

  private Future<Answer> test(Call call) {
    String name = known(name(call)).name();
    return ifMatching(
        call,
        name,
        version -> engine.webhooks().test(name, version, call.actor()).map(v -> Answer.ok()));
  }

  private Future<Answer> deliveries(Call call) {
    known(name(call));
    List<Delivery> deliveries =
        engine.webhooks().status(name(call)).map(WebhookStatus::deliveries).orElse(List.of());
    return Page.of(call, deliveries).answer(WebhookJson::write).now();
  }

  private Future<Answer> redeliver(Call call) {
    String name = known(name(call)).name();
    String id = String.valueOf(call.pathParameter("id"));
    return ifMatching(
        call,
        name,
        version ->
            engine.webhooks().redeliver(name, id, version, call.actor()).map(v -> Answer.ok()));
  }
}
