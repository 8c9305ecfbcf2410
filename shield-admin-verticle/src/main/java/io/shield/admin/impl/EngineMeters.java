package io.shield.admin.impl;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.shield.ShieldEngine;
import io.shield.Store;
import io.shield.Webhooks;
import io.shield.admin.stream.Streams;
import io.shield.internal.EngineInternals;
import io.shield.internal.Meters;
import io.shield.internal.Meters.Outcome;
import io.shield.internal.gate.InForce;
import io.shield.internal.limit.RateLimiting;
import io.shield.model.webhook.WebhookStatus;
import io.shield.web.SdkState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The meters of one engine. Their labels are bounded: the routes of the router, the usual methods,
 * the kinds of decisions.
 */
final class EngineMeters {
  private final MeterRegistry registry;
  private final Tags engine;

  private EngineMeters(MeterRegistry registry, Tags engine) {
    this.registry = registry;
    this.engine = engine;
  }

  /** Shows an engine in a registry from now on. */
  static void bind(
      ShieldEngine engine, EngineInternals internals, Streams streams, MeterRegistry registry) {
    Meters meters = internals.meters();
    EngineMeters bound = new EngineMeters(registry, Tags.of("engine", engine.name()));
    bound.forgetFormer();
    bound.store(engine, meters);
    bound.limits(meters, internals.limits());
    bound.counter(
        "shield.errors",
        "Errors inside Shield that let a request pass",
        engine,
        ShieldEngine::errors);
    bound.inForce(internals, engine);
    bound.streams(streams);
    bound.webhooks(engine.webhooks(), meters);
    meters.watch(bound::decisions);
  }

  /**
   * A registry keeps the first meter of a name: an engine that was started again, or is mounted
   * twice, would not be seen.
   */
  private void forgetFormer() {
    registry.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> id.getName().startsWith("shield.") && id.getTags().containsAll(tags()))
        .forEach(registry::remove);
  }

  private List<Tag> tags() {
    return engine.stream().toList();
  }

  private void store(ShieldEngine shown, Meters meters) {
    Gauge.builder("shield.head.revision", shown, e -> e.snapshot().head().revision())
        .description("The revision that is enforced")
        .tags(engine)
        .register(registry);
    TimeGauge.builder("shield.snapshot.age", meters, TimeUnit.NANOSECONDS, Meters::nanosSinceAnswer)
        .description("How long ago the store answered last, and so confirmed what is enforced")
        .tags(engine)
        .register(registry);
    for (Store.Status.Condition condition : Store.Status.Condition.values()) {
      Gauge.builder(
              "shield.store.condition",
              shown,
              e -> e.store().status().condition() == condition ? 1 : 0)
          .description("1 for the condition the store is in")
          .tags(engine.and("condition", name(condition)))
          .register(registry);
    }
    for (SdkState state : SdkState.values()) {
      Gauge.builder("shield.sdk.state", shown, e -> SdkState.of(e) == state ? 1 : 0)
          .description("1 for how this service stands to its server, if it has one")
          .tags(engine.and("state", state.wireName()))
          .register(registry);
    }
    counter("shield.store.loads", "How often all was read from the store", meters, Meters::loads);
    counter("shield.store.errors", "How often the store failed", meters, Meters::storeErrors);
  }

  /** What an operator wants to be woken for. */
  private void inForce(EngineInternals internals, ShieldEngine shown) {
    gauge(
        "shield.routes.closed",
        "Known routes that are closed now",
        internals,
        i -> closed(i, shown));
    gauge(
        "shield.maintenance.global",
        "1 while the fleet is under maintenance",
        shown,
        e -> e.maintenance().global().enabled() ? 1 : 0);
    gauge(
        "shield.bypass.lifecycle",
        "1 while no state is enforced in this process",
        internals,
        i -> i.gates().isBypassed() ? 1 : 0);
    gauge(
        "shield.bypass.rate.limits",
        "1 while no rate limit is enforced in this process",
        internals,
        i -> i.limits().isBypassed() ? 1 : 0);
  }

  private void streams(Streams streams) {
    gauge("shield.streams.open", "Streams of events that are open", streams, Streams::size);
    gauge(
        "shield.streams.waiting",
        "Bytes that wait on them to be read",
        streams,
        Streams::waitingBytes);
    counter(
        "shield.streams.cut",
        "Streams that were cut because the client read too slowly",
        streams,
        Streams::cuts);
  }

  /**
   * Of all webhooks together: their names are whatever people call them. Tries are counted where
   * they are made, the rest is the same on every node.
   */
  private void webhooks(Webhooks webhooks, Meters meters) {
    counter(
        "shield.webhooks.delivered", "Tries that were taken", meters, Meters::webhooksDelivered);
    counter("shield.webhooks.failed", "Tries that were not", meters, Meters::webhooksFailed);
    gauge(
        "shield.webhooks.pending",
        "Events that wait to be delivered",
        webhooks,
        all -> sum(all, WebhookStatus::pending));
    gauge(
        "shield.webhooks.retrying",
        "Events that failed and are tried again",
        webhooks,
        all -> sum(all, WebhookStatus::retrying));
    gauge(
        "shield.webhooks.parked",
        "Events that failed for a day",
        webhooks,
        all -> sum(all, WebhookStatus::parked));
    gauge(
        "shield.webhooks.dropped",
        "Events that were lost and are not told so yet",
        webhooks,
        all -> sum(all, WebhookStatus::dropped));
    gauge(
        "shield.webhooks.disabled",
        "Webhooks that Shield itself disabled",
        webhooks,
        all -> all.list().stream().filter(each -> each.problem() != null).count());
  }

  private static long sum(Webhooks webhooks, ToLongFunction<WebhookStatus> of) {
    return webhooks.list().stream()
        .flatMap(each -> webhooks.status(each.name()).stream())
        .mapToLong(of)
        .sum();
  }

  private static long closed(EngineInternals internals, ShieldEngine shown) {
    Instant now = internals.clock().instant();
    return shown.snapshot().states().values().stream()
        .filter(state -> InForce.of(internals.gates(), state, now).isClosed())
        .count();
  }

  private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value).description(description).tags(engine).register(registry);
  }

  private void limits(Meters meters, RateLimiting limits) {
    FunctionTimer.builder(
            "shield.limits.charge",
            meters,
            Meters::charges,
            Meters::chargeNanos,
            TimeUnit.NANOSECONDS)
        .description("Charging requests to their rate limits")
        .tags(engine)
        .register(registry);
    counter(
        "shield.limits.uncounted",
        "Charges that passed uncounted, as no room was left for their keys",
        limits,
        RateLimiting::uncounted);
    counter(
        "shield.limits.keyless",
        "Requests that were refused because they have no key",
        limits,
        RateLimiting::keyless);
    counter(
        "shield.limits.store.failures",
        "Requests that got no answer of shared counters in time",
        limits,
        RateLimiting::storeFailures);
    Gauge.builder("shield.limits.problems", limits, l -> l.problems().size())
        .description("Policies of the store that are not in force")
        .tags(engine)
        .register(registry);
  }

  private <T> void counter(String name, String description, T of, ToDoubleFunction<T> count) {
    FunctionCounter.builder(name, of, count)
        .description(description)
        .tags(engine)
        .register(registry);
  }

  private void decisions(String method, String template, Map<Outcome, LongAdder> counts) {
    Tags route = engine.and("method", method, "route", template);
    counts.forEach(
        (outcome, count) ->
            FunctionCounter.builder("shield.decisions", count, LongAdder::doubleValue)
                .description("What became of requests")
                .tags(route.and("decision", name(outcome)))
                .register(registry));
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
