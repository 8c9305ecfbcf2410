package io.shield.impl.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.impl.change.Plan;
import io.shield.impl.webhook.SenderState.Position;
import io.shield.impl.webhook.SenderState.Ref;
import io.shield.impl.webhook.SenderState.Try;
import io.shield.model.audit.Actor;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.webhook.Delivery;
import io.shield.model.webhook.Webhook;
import io.shield.model.webhook.WebhookEvent;
import io.shield.model.webhook.WebhookFormatter;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends for one webhook. Of many nodes one sends: the one whose name stands in the webhook's
 * document. Its word counts until the document was not written for {@link #LEASE}, by each other
 * node's own clock, so that clocks which differ do no harm. Confined to the context.
 */
final class Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

  /** How long a sender that says nothing is believed to send. */
  private static final Duration LEASE = Duration.ofSeconds(30);

  /** A sender writes what it did no later than this, or stops: well within the lease. */
  private static final Duration REPORT = Duration.ofSeconds(10);

  /** How many events are sent before that is written down. */
  private static final int MAX_RUN = 20;

  /** While so many are tried again, no further ones are begun. */
  private static final int MAX_RETRYING = 100;

  /** How many events are kept for one webhook. */
  static final int MAX_WAITING = 10_000;

  /** The clock is read no later than this, because it may be set or the machine may sleep. */
  private static final long MAX_WAIT_MILLIS = 200;

  /** Nodes begin at different times, so that few try in vain. */
  private static final int JITTER_MILLIS = 50;

  private final WebhookSender sender;
  private final String name;

  /** The document's version that was seen last, and when first. */
  private long seenVersion = -1;

  private long seenAt;

  /** What is being done, or was. */
  private Future<?> work = Future.succeededFuture();

  private boolean running;
  private boolean again;
  private @Nullable Long timer;

  Endpoint(WebhookSender sender, String name) {
    this.sender = sender;
    this.name = name;
  }

  /**
   * Something to send.
   *
   * @param ref where it stands, or null for the news that events were dropped
   * @param position where it stands among all, or null if it was tried before
   * @param attempts how often it was tried
   * @param first when it was tried first, or null
   */
  private record Task(
      Ref ref,
      @Nullable Position position,
      WebhookEvent event,
      int attempts,
      @Nullable Instant first) {
    boolean isOf(Try each) {
      return each.ref().equals(ref) && each.attempts() == attempts && each.first().equals(first);
    }
  }

  /** What became of it. */
  private record Done(Task task, Transport.Result result, Instant at) {}

  /**
   * What there is to do.
   *
   * @param skipped up to where nothing is of interest, or null
   * @param dropped how many are lost since the last time it was told
   * @param droppedId the id of that news, or null
   */
  private record Work(
      List<Task> tasks, @Nullable Position skipped, long dropped, @Nullable String droppedId) {}

  /** There may be something to do. */
  void wake() {
    if (running) {
      again = true;
      return;
    }
    Long waiting = timer;
    if (waiting != null) {
      sender.context().owner().cancelTimer(waiting);
      timer = null;
    }
    Snapshot snapshot = sender.snapshot();
    Webhook webhook = WebhookDocuments.find(snapshot, name);
    SenderState state = SenderState.read(snapshot, name);
    if (sender.isClosed() || webhook == null || state == null) {
      return;
    }
    note(state);
    if (!webhook.enabled()) {
      return;
    }
    if (state.waiting(batches(snapshot)) > MAX_WAITING + MAX_RUN) {
      run(drop());
    } else if (sender.problem(webhook) == null) {
      begin(snapshot, webhook, state);
    }
  }

  private void begin(Snapshot snapshot, Webhook webhook, SenderState state) {
    Instant now = sender.clock().instant();
    Work work = work(snapshot, webhook, state, now);
    if (work.tasks.isEmpty()) {
      if (work.skipped != null && isMine(state)) {
        run(record(List.of(), new Work(List.of(), work.skipped, 0, null)));
      } else {
        waitForRetry(state, now);
      }
      return;
    }
    if (isMine(state) && isFresh()) {
      run(send(webhook, work));
    } else if (state.node() == null || isMine(state) || isExpired()) {
      run(take(state.version()));
    } else {
      wakeIn(MAX_WAIT_MILLIS);
    }
  }

  private boolean isMine(SenderState state) {
    return sender.node().equals(state.node());
  }

  private void note(SenderState state) {
    if (state.version() != seenVersion) {
      seenVersion = state.version();
      seenAt = System.nanoTime();
    }
  }

  private boolean isFresh() {
    return System.nanoTime() - seenAt < REPORT.toNanos();
  }

  private boolean isExpired() {
    return System.nanoTime() - seenAt > LEASE.toNanos();
  }

  /** One thing after the other. */
  private void run(Future<?> begun) {
    running = true;
    work = begun;
    begun
        .onFailure(failure -> LOG.debug("Webhook {}: not written down yet", name, failure))
        .onComplete(
            done -> {
              running = false;
              if (again && done.succeeded()) {
                again = false;
                wake();
              } else {
                again = false;
                wakeIn(done.succeeded() ? 1 : MAX_WAIT_MILLIS);
              }
            });
  }

  private void wakeIn(long millis) {
    if (timer == null && !sender.isClosed()) {
      timer =
          sender
              .context()
              .setTimer(
                  Math.max(1, Math.min(millis, MAX_WAIT_MILLIS)),
                  fired -> {
                    timer = null;
                    wake();
                  });
    }
  }

  private void waitForRetry(SenderState state, Instant now) {
    state.tries().stream()
        .map(Try::next)
        .min(Instant::compareTo)
        .ifPresent(next -> wakeIn(Duration.between(now, next).toMillis() + 1));
  }

  /** Only documents of events that are for this webhook. */
  private List<EventLog.Batch> batches(Snapshot snapshot) {
    return EventLog.batches(snapshot).stream()
        .filter(batch -> batch.only() == null || batch.only().equals(name))
        .toList();
  }

  private Work work(Snapshot snapshot, Webhook webhook, SenderState state, Instant now) {
    List<Task> tasks = new ArrayList<>();
    Map<String, List<WebhookEvent>> read = new LinkedHashMap<>();
    for (Try each : state.tries()) {
      List<WebhookEvent> events =
          read.computeIfAbsent(each.ref().batch(), batch -> EventLog.read(snapshot, batch));
      boolean due = !each.next().isAfter(now) && each.ref().index() < events.size();
      if (due && tasks.size() < MAX_RUN) {
        WebhookEvent event = events.get(each.ref().index());
        tasks.add(new Task(each.ref(), null, event, each.attempts(), each.first()));
      }
    }
    Position skipped = null;
    int begun = state.tries().size();
    for (EventLog.Batch batch : batches(snapshot)) {
      if (begun >= MAX_RETRYING || tasks.size() >= MAX_RUN) {
        break;
      }
      if (state.after().isPast(batch)) {
        continue;
      }
      List<WebhookEvent> events = EventLog.read(snapshot, batch.name());
      for (int i = 0; i < batch.count() && tasks.size() < MAX_RUN; i++) {
        if (!state.after().isBefore(batch, i)) {
          continue;
        }
        Position position = new Position(batch.version(), batch.name(), i);
        boolean wanted =
            i < events.size() && (batch.only() != null || webhook.wants(events.get(i).event()));
        if (wanted) {
          tasks.add(new Task(new Ref(batch.name(), i), position, events.get(i), 0, null));
          begun++;
        } else {
          skipped = position;
        }
      }
    }
    return new Work(tasks, skipped, state.dropped(), state.droppedId());
  }

  /** Becomes the sender, unless somebody else did meanwhile. */
  private Future<?> take(long version) {
    return pause(sender.random().nextInt(JITTER_MILLIS))
        .compose(
            v ->
                sender.commit(
                    snapshot -> {
                      SenderState state = SenderState.read(snapshot, name);
                      if (state == null || state.version() != version) {
                        return Plan.NOTHING;
                      }
                      state.node(sender.node());
                      return new Plan(List.of(state.edit()), List.of(), List.of());
                    }));
  }

  private Future<Void> pause(int millis) {
    io.vertx.core.Promise<Void> over = sender.context().promise();
    sender.context().setTimer(1 + millis, timer -> over.complete());
    return over.future();
  }

  private Future<?> send(Webhook webhook, Work work) {
    List<Done> done = new ArrayList<>();
    Future<Boolean> told =
        work.dropped > 0
            ? tellDropped(webhook, work).map(Transport.Result::isTaken)
            : Future.succeededFuture(false);
    Future<Boolean> going = told.map(true);
    for (Task task : work.tasks) {
      going =
          going.compose(
              on ->
                  on && isFresh() && !sender.isClosed()
                      ? attempt(webhook, task.event)
                          .map(
                              result -> {
                                sender.meters().webhookTried(result.isTaken());
                                done.add(new Done(task, result, now()));
                                return result.status() != 410;
                              })
                      : Future.succeededFuture(false));
    }
    return going.compose(
        on -> {
          boolean all = done.size() == work.tasks.size();
          Position skipped = all ? work.skipped : null;
          long dropped = told.result() ? work.dropped : 0;
          return record(done, new Work(work.tasks, skipped, dropped, null));
        });
  }

  /** The time to stamp with. */
  private Instant now() {
    return sender.clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private Future<Transport.Result> tellDropped(Webhook webhook, Work work) {
    long dropped = work.dropped;
    return attempt(
        webhook,
        new WebhookEvent(
            String.valueOf(work.droppedId),
            WebhookEvent.DROPPED,
            WebhookPlans.path(name),
            null,
            Actor.SYSTEM.name(),
            dropped + " events were dropped, since more than " + MAX_WAITING + " waited",
            now(),
            EventLog.count(dropped)));
  }

  private Future<Transport.Result> attempt(Webhook webhook, WebhookEvent event) {
    Instant now = sender.clock().instant();
    String body;
    Map<String, String> headers = new LinkedHashMap<>();
    try {
      WebhookFormatter formatter = Objects.requireNonNull(sender.formatter(webhook.format()));
      ObjectNode json = formatter.format(event);
      if (json.isEmpty()) {
        throw new IllegalStateException("the body is empty");
      }
      // Not the streams' text: an application may have put an object of its own into it.
      body = json.toString();
      long timestamp = now.getEpochSecond();
      headers.put("Content-Type", "application/json");
      headers.put("User-Agent", "shield");
      headers.put("webhook-id", event.id());
      headers.put("webhook-timestamp", Long.toString(timestamp));
      Secret secret = sender.secret(webhook);
      if (secret != null) {
        headers.put("webhook-signature", secret.sign(event.id(), timestamp, body, now));
      }
    } catch (RuntimeException e) {
      LOG.debug("Webhook {}: no body for {}", name, event.event(), e);
      return Future.succeededFuture(
          new Transport.Result(0, null, "the formatter of '" + webhook.format() + "' failed"));
    }
    return sender.transport().post(webhook.url(), headers, body, now);
  }

  /** Writes down what was done, if this node still is the sender. */
  private Future<?> record(List<Done> done, Work work) {
    boolean gone = done.stream().anyMatch(each -> each.result.status() == 410);
    return sender.commit(
        snapshot -> {
          SenderState state = SenderState.read(snapshot, name);
          if (state == null || !isMine(state)) {
            return Plan.NOTHING;
          }
          done.forEach(each -> apply(state, each));
          if (gone) {
            return new WebhookPlans(Actor.SYSTEM, now(), sender.seal())
                .enable(snapshot, name, false, "it answered 410 Gone")
                .and(new Plan(List.of(state.edit()), List.of(), List.of()));
          }
          if (work.skipped != null && isFurther(work.skipped, state.after())) {
            state.after(work.skipped);
          }
          state.told(work.dropped);
          List<Edit> edits = new ArrayList<>();
          edits.add(state.edit());
          edits.addAll(Unneeded.of(snapshot, name, state));
          return new Plan(edits, List.of(), List.of());
        });
  }

  private static boolean isFurther(Position one, Position other) {
    return other.isBefore(new EventLog.Batch(one.batch(), one.revision(), 0, null), one.index());
  }

  private void apply(SenderState state, Done done) {
    Task task = done.task;
    Transport.Result result = done.result;
    // Somebody may have asked for it again while it was on its way: then that is still to be done.
    state.tries().removeIf(task::isOf);
    boolean again = state.tries().stream().anyMatch(each -> each.ref().equals(task.ref));
    if (task.position != null && isFurther(task.position, state.after())) {
      state.after(task.position);
    }
    int attempts = task.attempts + 1;
    Instant first = task.first == null ? done.at : task.first;
    Delivery.Outcome outcome = Delivery.Outcome.DELIVERED;
    if (!result.isTaken()) {
      Duration wait = Backoff.after(attempts, sender.random());
      Duration asked = result.retryAfter();
      Instant next = done.at.plus(asked != null && asked.compareTo(wait) > 0 ? asked : wait);
      boolean over = Duration.between(first, next).compareTo(Backoff.LAST) > 0;
      outcome = over && !again ? Delivery.Outcome.PARKED : Delivery.Outcome.FAILED;
      if (outcome == Delivery.Outcome.PARKED) {
        state.park(task.ref);
      } else if (!again) {
        state.tries().add(new Try(task.ref, attempts, first, next));
      }
    }
    state.log(
        task.ref,
        new Delivery(
            task.event.id(),
            task.event.event(),
            task.event.path(),
            done.at.truncatedTo(ChronoUnit.MILLIS),
            attempts,
            outcome,
            result.status(),
            result.problem()));
  }

  /** Drops the oldest events of too many, and counts them. Any node may do that. */
  private Future<?> drop() {
    return pause(sender.random().nextInt(JITTER_MILLIS))
        .compose(
            v ->
                sender.commit(
                    snapshot -> {
                      SenderState state = SenderState.read(snapshot, name);
                      if (state == null) {
                        return Plan.NOTHING;
                      }
                      int excess = state.waiting(batches(snapshot)) - MAX_WAITING;
                      if (excess <= 0) {
                        return Plan.NOTHING;
                      }
                      leaveOut(snapshot, state, excess);
                      List<Edit> edits = new ArrayList<>();
                      edits.add(state.edit());
                      edits.addAll(Unneeded.of(snapshot, name, state));
                      return new Plan(edits, List.of(), List.of());
                    }));
  }

  private void leaveOut(Snapshot snapshot, SenderState state, int excess) {
    int left = excess;
    for (EventLog.Batch batch : batches(snapshot)) {
      for (int i = 0; i < batch.count() && left > 0; i++) {
        if (state.after().isBefore(batch, i)) {
          state.after(new Position(batch.version(), batch.name(), i));
          left--;
        }
      }
    }
    state.drop(excess);
  }

  /** Succeeds when nothing is being done. */
  Future<?> idle() {
    return work.transform(any -> Future.succeededFuture());
  }

  /** Another node may send at once. */
  Future<?> release() {
    SenderState state = SenderState.read(sender.snapshot(), name);
    if (state == null || !isMine(state)) {
      return Future.succeededFuture();
    }
    return sender.commit(
        snapshot -> {
          SenderState now = SenderState.read(snapshot, name);
          if (now == null || !isMine(now)) {
            return Plan.NOTHING;
          }
          now.node(null);
          return new Plan(List.of(now.edit()), List.of(), List.of());
        });
  }

  /** When a request that failed is tried again. */
  private static final class Backoff {
    /** An event that was not taken for so long is given up. */
    static final Duration LAST = Duration.ofDays(1);

    private static final long FIRST_MILLIS = 1000;
    private static final int FACTOR = 4;
    private static final long MAX_MILLIS = Duration.ofHours(4).toMillis();

    private Backoff() {}

    /**
     * How long to wait after a number of tries: a second, then four times as long each time, at
     * most four hours, each half as long up to whole, by chance.
     */
    static Duration after(int attempts, RandomGenerator random) {
      long whole = FIRST_MILLIS;
      for (int i = 1; i < attempts && whole < MAX_MILLIS; i++) {
        whole *= FACTOR;
      }
      whole = Math.min(whole, MAX_MILLIS);
      return Duration.ofMillis(whole / 2 + random.nextLong(whole / 2 + 1));
    }
  }
}
