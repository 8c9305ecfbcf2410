package io.shield.impl.webhook;

import io.shield.Webhooks;
import io.shield.error.ChangeConflictException;
import io.shield.error.InvalidValueException;
import io.shield.impl.change.Committer;
import io.shield.impl.change.Plan;
import io.shield.impl.change.Plan.Planner;
import io.shield.impl.replica.Replica;
import io.shield.impl.webhook.SenderState.Logged;
import io.shield.impl.webhook.SenderState.Ref;
import io.shield.impl.webhook.SenderState.Try;
import io.shield.internal.Meters;
import io.shield.model.Origin;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.webhook.Webhook;
import io.shield.model.webhook.WebhookEvent;
import io.shield.model.webhook.WebhookFormatter;
import io.shield.model.webhook.WebhookStatus;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Webhooks of an engine. Thread-safe. */
public final class WebhooksImpl implements Webhooks {
  private static final String ALLOWED_ADDRESSES = "SHIELD_WEBHOOK_ALLOWED_ADDRESSES";

  private final Engine engine;
  private final Formats formats = new Formats();
  private volatile @Nullable WebhookSender sender;

  public WebhooksImpl(Engine engine) {
    this.engine = engine;
  }

  /** What webhooks need of the engine. */
  public interface Engine {
    Snapshot snapshot();

    InstantSource clock();

    /** The time to stamp with. */
    Instant now();

    @Nullable String setting(String variable);

    <T> Future<T> change(
        Supplier<Planner> planner, Function<List<Plan.Result>, @Nullable T> result);
  }

  /** The edits that keep the news of a change until they were told. */
  public static List<Edit> news(Snapshot snapshot, List<Edit> edits, List<AuditEntry> audit) {
    return EventLog.edits(snapshot, edits, audit);
  }

  /** Makes what sends, once the engine runs. */
  public WebhookSender sender(
      ContextInternal context,
      Replica replica,
      Committer committer,
      RandomGenerator random,
      Meters meters) {
    WebhookSender made =
        new WebhookSender(
            context,
            replica,
            committer,
            engine.clock(),
            engine::setting,
            formats,
            random,
            meters,
            Targets.parse(ALLOWED_ADDRESSES, engine.setting(ALLOWED_ADDRESSES)));
    sender = made;
    return made;
  }

  @Override
  public List<Webhook> list() {
    return WebhookDocuments.all(engine.snapshot());
  }

  @Override
  public Optional<Webhook> get(String name) {
    return Optional.ofNullable(
        WebhookDocuments.find(engine.snapshot(), Webhook.checkName("name", name)));
  }

  @Override
  public Optional<WebhookStatus> status(String name) {
    Snapshot snapshot = engine.snapshot();
    Webhook webhook = WebhookDocuments.find(snapshot, Webhook.checkName("name", name));
    SenderState state = SenderState.read(snapshot, name);
    if (webhook == null || state == null) {
      return Optional.empty();
    }
    List<EventLog.Batch> batches =
        EventLog.batches(snapshot).stream()
            .filter(batch -> batch.only() == null || batch.only().equals(name))
            .toList();
    boolean enabled = webhook.enabled();
    int waiting = enabled ? state.waiting(batches) : 0;
    WebhookSender sending = sender;
    String problem = sending == null ? "this node does not send" : sending.problem(webhook);
    return Optional.of(
        new WebhookStatus(
            waiting + state.tries().size(),
            state.tries().size(),
            state.parked().size(),
            state.dropped(),
            state.node(),
            problem,
            state.log().stream().map(Logged::delivery).toList()));
  }

  @Override
  public Future<Written> set(
      Webhook webhook, @Nullable String secret, @Nullable Long ifVersion, Actor actor) {
    Objects.requireNonNull(webhook, "webhook");
    if (secret != null) {
      Secret.check("secret", secret);
    }
    if (secret != null && webhook.secretEnv() != null) {
      throw new InvalidValueException(
          "secret", "what it holds", "left out where secret_env is given");
    }
    if (formats.find(webhook.format()) == null) {
      throw new InvalidValueException(
          "format", webhook.format(), "one of " + String.join(", ", formats.names()));
    }
    Webhook own = webhook.withOrigin(Origin.RUNTIME);
    String made = Secret.make();
    boolean[] used = new boolean[1];
    return planned(
        actor,
        (plans, snapshot) -> {
          boolean needs = secret == null && WebhookPlans.lacksSecret(snapshot, own);
          used[0] = needs;
          return plans.set(snapshot, own, needs ? made : secret, ifVersion);
        },
        results -> written(own.name(), used[0] ? made : null));
  }

  private Written written(String name, @Nullable String secret) {
    return new Written(WebhookPlans.existing(engine.snapshot(), name), secret);
  }

  @Override
  public Future<Webhook> enable(String name, @Nullable Long ifVersion, Actor actor) {
    return enable(name, true, ifVersion, actor);
  }

  @Override
  public Future<Webhook> disable(String name, @Nullable Long ifVersion, Actor actor) {
    return enable(name, false, ifVersion, actor);
  }

  private Future<Webhook> enable(
      String name, boolean enabled, @Nullable Long ifVersion, Actor actor) {
    return planned(
        actor,
        (plans, snapshot) -> {
          WebhookPlans.check(snapshot, name, ifVersion);
          return plans.enable(snapshot, name, enabled, null);
        },
        results -> WebhookPlans.existing(engine.snapshot(), name));
  }

  @Override
  public Future<Void> delete(String name, @Nullable Long ifVersion, Actor actor) {
    return this.<Void>planned(
        actor, (plans, snapshot) -> plans.delete(snapshot, name, ifVersion), done -> null);
  }

  @Override
  public Future<Written> rotateSecret(String name, @Nullable Long ifVersion, Actor actor) {
    String next = Secret.make();
    return planned(
        actor,
        (plans, snapshot) -> {
          WebhookPlans.check(snapshot, name, ifVersion);
          String variable = WebhookPlans.existing(snapshot, name).secretEnv();
          if (variable != null) {
            throw new InvalidValueException(
                "secret_env", variable, "changed where the environment is configured");
          }
          return plans.rotate(snapshot, name, next);
        },
        done -> written(name, next));
  }

  @Override
  public Future<Void> redeliver(
      String name, String eventId, @Nullable Long ifVersion, Actor actor) {
    Objects.requireNonNull(eventId, "eventId");
    return this.<Void>planned(
        actor,
        (plans, snapshot) -> {
          WebhookPlans.check(snapshot, name, ifVersion);
          WebhookPlans.existing(snapshot, name);
          SenderState state = Objects.requireNonNull(SenderState.read(snapshot, name));
          Ref ref = find(snapshot, state, eventId);
          if (ref == null) {
            throw new InvalidValueException(
                "id", eventId, "that of an event among the last tries, or parked");
          }
          state.parked().remove(ref);
          Instant now = engine.now();
          Instant first = now;
          for (Try each : state.tries()) {
            if (each.ref().equals(ref) && !each.first().isBefore(first)) {
              // Another try than one that is on its way.
              first = each.first().plusMillis(1);
            }
          }
          state.tries().removeIf(each -> each.ref().equals(ref));
          state.tries().add(new Try(ref, 0, first, now));
          return new Plan(List.of(state.edit()), List.of(), List.of());
        },
        done -> null);
  }

  private static @Nullable Ref find(Snapshot snapshot, SenderState state, String eventId) {
    List<Ref> known = new ArrayList<>(state.parked());
    state.log().forEach(entry -> known.add(entry.ref()));
    for (Ref ref : known) {
      List<WebhookEvent> events = EventLog.read(snapshot, ref.batch());
      if (ref.index() < events.size() && events.get(ref.index()).id().equals(eventId)) {
        return ref;
      }
    }
    return null;
  }

  @Override
  public Future<Void> test(String name, @Nullable Long ifVersion, Actor actor) {
    return this.<Void>planned(
        actor,
        (plans, snapshot) -> {
          WebhookPlans.check(snapshot, name, ifVersion);
          if (!WebhookPlans.existing(snapshot, name).enabled()) {
            throw new ChangeConflictException(
                "the webhook " + name + " is disabled: enable it first");
          }
          WebhookEvent event =
              new WebhookEvent(
                  "msg_" + UUID.randomUUID(),
                  WebhookEvent.TEST,
                  WebhookPlans.path(name),
                  null,
                  actor.name(),
                  "",
                  engine.now(),
                  null);
          List<Edit> edits = EventLog.write(List.of(event), name);
          return new Plan(edits, List.of(), List.of());
        },
        done -> null);
  }

  @Override
  public void addFormat(String name, WebhookFormatter formatter) {
    formats.add(name, Objects.requireNonNull(formatter, "formatter"));
  }

  private interface Step {
    Plan plan(WebhookPlans plans, Snapshot snapshot);
  }

  private <T> Future<T> planned(
      Actor actor, Step step, Function<List<Plan.Result>, @Nullable T> result) {
    Objects.requireNonNull(actor, "actor");
    return engine.change(
        () -> {
          WebhookPlans plans = WebhookPlans.of(actor, engine.now(), engine::setting);
          return snapshot -> step.plan(plans, snapshot);
        },
        result);
  }
}
