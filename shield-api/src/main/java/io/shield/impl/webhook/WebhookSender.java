package io.shield.impl.webhook;

import io.shield.ShieldChange;
import io.shield.error.InvalidValueException;
import io.shield.impl.change.Committer;
import io.shield.impl.change.Plan;
import io.shield.impl.replica.Replica;
import io.shield.impl.replica.Replica.Observer;
import io.shield.internal.Meters;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.Commit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.model.webhook.Webhook;
import io.shield.model.webhook.WebhookFormatter;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Sends for every webhook of the store, as far as this node can. Confined to the context. */
public final class WebhookSender implements Observer {
  /** How long the end waits for an answer; then there is a second to write down what was done. */
  private static final long LAST_ANSWER_MILLIS = 1000;

  private final ContextInternal context;
  private final Replica replica;
  private final Committer committer;
  private final InstantSource clock;
  private final Function<String, @Nullable String> settings;
  private final Formats formats;
  private final RandomGenerator random;
  private final Meters meters;
  private final SecretSeal seal;
  private final Transport transport;
  private final String node = UUID.randomUUID().toString().substring(0, 8);
  private final Map<String, Endpoint> endpoints = new HashMap<>();
  private boolean closed;

  /**
   * @param settings what is configured under the name of a variable
   */
  WebhookSender(
      ContextInternal context,
      Replica replica,
      Committer committer,
      InstantSource clock,
      Function<String, @Nullable String> settings,
      Formats formats,
      RandomGenerator random,
      Meters meters,
      Targets targets) {
    this.context = context;
    this.replica = replica;
    this.committer = committer;
    this.clock = clock;
    this.settings = settings;
    this.formats = formats;
    this.random = random;
    this.meters = meters;
    this.seal = new SecretSeal(settings);
    this.transport = new Transport(context, targets);
  }

  @Override
  public void inForce(ShieldChange change, @Nullable Commit commit) {
    if (!closed && change.changed().stream().anyMatch(WebhookDocuments::isOne)) {
      look();
    }
  }

  /** Looks anew at what there is to send. */
  void look() {
    List<String> names = new ArrayList<>();
    for (Webhook webhook : WebhookDocuments.all(replica.snapshot())) {
      String name = webhook.name();
      names.add(name);
      endpoints.computeIfAbsent(name, key -> new Endpoint(this, key)).wake();
    }
    endpoints.keySet().retainAll(names);
  }

  ContextInternal context() {
    return context;
  }

  InstantSource clock() {
    return clock;
  }

  RandomGenerator random() {
    return random;
  }

  Meters meters() {
    return meters;
  }

  SecretSeal seal() {
    return seal;
  }

  Transport transport() {
    return transport;
  }

  String node() {
    return node;
  }

  boolean isClosed() {
    return closed;
  }

  Snapshot snapshot() {
    return replica.snapshot();
  }

  Future<List<Plan.Result>> commit(Function<Snapshot, Plan> plan) {
    return committer.submit(plan::apply);
  }

  @Nullable WebhookFormatter formatter(String format) {
    return formats.find(format);
  }

  /** What keeps this node from sending for a webhook, or null. */
  @Nullable String problem(Webhook webhook) {
    if (formats.find(webhook.format()) == null) {
      return "this node does not know the format '" + webhook.format() + "'";
    }
    try {
      String variable = webhook.secretEnv();
      if (variable != null && settings.apply(variable) == null) {
        return variable + " is not set here";
      }
      secret(webhook);
      return null;
    } catch (InvalidValueException e) {
      return e.getMessage();
    }
  }

  /** What a webhook's requests are signed with; null if they are not. */
  @Nullable Secret secret(Webhook webhook) {
    String variable = webhook.secretEnv();
    if (variable != null) {
      String text = settings.apply(variable);
      return text == null ? null : new Secret(Secret.check(variable, text), null, null);
    }
    String key = WebhookDocuments.secret(webhook.name()).key();
    Versioned<OpaqueDocument> stored = replica.snapshot().documents().get(key);
    return stored == null ? null : seal.open(key, WebhookDocuments.json(key, stored));
  }

  /**
   * Lets go of what this node sends, so that another can at once. What was taken is written down
   * before, or the other would tell it again. So an answer that is under way is waited for a while.
   */
  public Future<Void> close() {
    closed = true;
    List<Endpoint> last = List.copyOf(endpoints.values());
    return context
        .future(all(last, Endpoint::idle)::onComplete)
        .timeout(LAST_ANSWER_MILLIS, TimeUnit.MILLISECONDS)
        .transform(
            any -> {
              transport.close();
              return all(last, Endpoint::idle);
            })
        .compose(any -> all(last, Endpoint::release))
        .otherwiseEmpty();
  }

  private static Future<Void> all(List<Endpoint> endpoints, Function<Endpoint, Future<?>> act) {
    List<Future<?>> acts = new ArrayList<>();
    endpoints.forEach(endpoint -> acts.add(act.apply(endpoint)));
    return Future.join(acts).mapEmpty();
  }
}
