package io.shield;

import io.shield.model.audit.Actor;
import io.shield.model.webhook.Webhook;
import io.shield.model.webhook.WebhookFormatter;
import io.shield.model.webhook.WebhookStatus;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells others of changes, by HTTP. Webhooks are kept in the store, so that one that is set on one
 * node is told of the changes of all; one node at a time sends for each. An event is kept until it
 * was taken: it arrives at least once, and once as long as no process dies, with the same id on
 * every try.
 *
 * <p>The future of a change fails with {@link io.shield.error.InvalidValueException}, with {@link
 * io.shield.error.UnknownPolicyException} if there is no such webhook, and as every change does.
 */
public interface Webhooks {
  /** All webhooks, by name. */
  List<Webhook> list();

  /** One webhook. */
  Optional<Webhook> get(String name);

  /** How a webhook is doing; empty if there is none of that name. */
  Optional<WebhookStatus> status(String name);

  /**
   * Sets a webhook. Its secret stays, and a new one without an environment variable gets one.
   *
   * @param secret the secret: {@code whsec_} and 24 to 64 bytes in base64, or null to keep or make
   *     one
   * @param ifVersion the version it must have, 0 for none, or null for any
   * @return the webhook and, if it was made now, its secret, which is never shown again
   */
  Future<Written> set(
      Webhook webhook, @Nullable String secret, @Nullable Long ifVersion, Actor actor);

  /** Enables it; it is told of what happens from then on. */
  default Future<Webhook> enable(String name, Actor actor) {
    return enable(name, null, actor);
  }

  /**
   * The same of one version only.
   *
   * @param ifVersion the version it must have, or null for any
   */
  Future<Webhook> enable(String name, @Nullable Long ifVersion, Actor actor);

  /** Disables it: what waits for it is dropped, and nothing is kept for it. */
  default Future<Webhook> disable(String name, Actor actor) {
    return disable(name, null, actor);
  }

  /**
   * The same of one version only.
   *
   * @param ifVersion the version it must have, or null for any
   */
  Future<Webhook> disable(String name, @Nullable Long ifVersion, Actor actor);

  /** Forgets it and what waits for it. */
  Future<Void> delete(String name, @Nullable Long ifVersion, Actor actor);

  /**
   * Makes a new secret. For a day requests are signed with the old one as well.
   *
   * @return the webhook and the new secret, which is never shown again
   */
  default Future<Written> rotateSecret(String name, Actor actor) {
    return rotateSecret(name, null, actor);
  }

  /**
   * The same of one version only.
   *
   * @param ifVersion the version it must have, or null for any
   */
  Future<Written> rotateSecret(String name, @Nullable Long ifVersion, Actor actor);

  /** Has an event delivered again that is among its last tries, or parked. */
  default Future<Void> redeliver(String name, String eventId, Actor actor) {
    return redeliver(name, eventId, null, actor);
  }

  /**
   * The same of one version only.
   *
   * @param ifVersion the version it must have, or null for any
   */
  Future<Void> redeliver(String name, String eventId, @Nullable Long ifVersion, Actor actor);

  /** Sends it an event of no meaning, to see whether it works. */
  default Future<Void> test(String name, Actor actor) {
    return test(name, null, actor);
  }

  /**
   * The same of one version only.
   *
   * @param ifVersion the version it must have, or null for any
   */
  Future<Void> test(String name, @Nullable Long ifVersion, Actor actor);

  /**
   * Adds a format. Only nodes that know a webhook's format send for it.
   *
   * @param name see {@link Webhook#checkName}
   */
  void addFormat(String name, WebhookFormatter formatter);

  /**
   * A webhook that was set.
   *
   * @param secret a secret that was made now, or null
   */
  record Written(Webhook webhook, @Nullable String secret) {}
}
