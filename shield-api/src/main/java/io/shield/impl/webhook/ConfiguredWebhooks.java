package io.shield.impl.webhook;

import io.shield.error.InvalidValueException;
import io.shield.impl.change.Committer;
import io.shield.impl.change.Plan;
import io.shield.impl.change.Plan.Planner;
import io.shield.model.Origin;
import io.shield.model.audit.Actor;
import io.shield.model.store.Snapshot;
import io.shield.model.webhook.Webhook;
import io.vertx.core.internal.ContextInternal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The webhooks that code and environment configure. They are stored when the engine starts, so that
 * they are told of what happens on other nodes too.
 */
public final class ConfiguredWebhooks implements Planner {
  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredWebhooks.class);
  private static final long RETRY_MILLIS = 5000;
  private static final String URLS = "SHIELD_WEBHOOK_URLS";
  private static final String SECRET = "SHIELD_WEBHOOK_SECRET";
  private static final String ENV_PREFIX = "env-";

  /** Their secrets are in the environment. */
  private static final SecretSeal NO_SECRETS = new SecretSeal(name -> null);

  private final List<Webhook> webhooks;
  private final boolean fromEnvironment;
  private final Instant now;

  private ConfiguredWebhooks(List<Webhook> webhooks, boolean fromEnvironment, Instant now) {
    this.webhooks = webhooks;
    this.fromEnvironment = fromEnvironment;
    this.now = now;
  }

  /**
   * Reads what is configured.
   *
   * @param ofCode those of the options
   * @param settings what is configured under the name of a variable
   * @throws InvalidValueException if it cannot be used
   */
  public static ConfiguredWebhooks of(
      List<Webhook> ofCode, Function<String, @Nullable String> settings, Instant now) {
    List<Webhook> all = new ArrayList<>();
    ofCode.forEach(webhook -> all.add(webhook.withOrigin(Origin.CODE)));
    String urls = settings.apply(URLS);
    String secret = settings.apply(SECRET);
    if (secret != null) {
      Secret.check(SECRET, secret);
    }
    if (urls != null) {
      for (String url : urls.split(",", -1)) {
        all.add(ofUrl(url.strip(), secret == null ? null : SECRET));
      }
    }
    return new ConfiguredWebhooks(all, urls != null, now);
  }

  /** Stores them, and tries again while that fails and the engine is open. */
  public void store(ContextInternal context, Committer committer, BooleanSupplier closed) {
    if (isEmpty() || closed.getAsBoolean()) {
      return;
    }
    committer
        .submit(this)
        .onFailure(
            failure -> {
              LOG.warn("Webhooks that are configured here are not stored yet", failure);
              context.setTimer(RETRY_MILLIS, timer -> store(context, committer, closed));
            });
  }

  private static Webhook ofUrl(String url, @Nullable String secretEnv) {
    try {
      Webhook webhook =
          Webhook.of(ENV_PREFIX + hash(url), url).withOrigin(Origin.CODE).withSecretEnv(secretEnv);
      boolean slack = "hooks.slack.com".equalsIgnoreCase(URI.create(url).getHost());
      return slack ? webhook.withFormat(Webhook.SLACK_FORMAT) : webhook;
    } catch (InvalidValueException e) {
      throw new InvalidValueException(URLS, url, e.allowed() + "; several are separated by commas");
    }
  }

  private static String hash(String url) {
    try {
      byte[] bytes =
          MessageDigest.getInstance("SHA-256").digest(url.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(bytes, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether there is anything to store. */
  private boolean isEmpty() {
    return webhooks.isEmpty();
  }

  /** As with all that code declares, what people changed stays, and there are no audit entries. */
  @Override
  public Plan plan(Snapshot snapshot) {
    WebhookPlans plans = new WebhookPlans(Actor.SYSTEM, now, NO_SECRETS);
    Plan all = Plan.NOTHING;
    for (Webhook wanted : webhooks) {
      Webhook stored = WebhookDocuments.find(snapshot, wanted.name());
      Webhook renewed =
          stored == null ? wanted : wanted.withEnabled(stored.enabled(), stored.problem());
      boolean ofPeople = stored != null && stored.origin() == Origin.RUNTIME;
      if (!ofPeople && (stored == null || !stored.withVersion(0).equals(renewed))) {
        all = all.and(plans.set(snapshot, renewed, null, null));
      }
    }
    if (fromEnvironment) {
      Set<String> leftOver =
          WebhookDocuments.all(snapshot).stream()
              .filter(this::isLeftOver)
              .map(Webhook::name)
              .collect(Collectors.toCollection(LinkedHashSet::new));
      all = leftOver.isEmpty() ? all : all.and(plans.delete(snapshot, leftOver));
    }
    return new Plan(all.edits(), List.of(), List.of());
  }

  private boolean isLeftOver(Webhook stored) {
    return stored.origin() == Origin.CODE
        && stored.name().startsWith(ENV_PREFIX)
        && webhooks.stream().noneMatch(webhook -> webhook.name().equals(stored.name()));
  }
}
