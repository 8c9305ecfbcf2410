package io.shield.backend.cluster.impl.limit;

import io.shield.backend.impl.PartedCharge;
import io.shield.error.ShieldException;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.store.Head;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.SharedCounters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.ClusterManager;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts each key at one member of the cluster, its owner, which the others ask on the event bus.
 * Counters of a request that have several owners are charged at each, and given back if one of them
 * refuses.
 */
public final class ClusterCounters implements SharedCounters {
  /** So long a request waits for an owner at most. */
  private static final long PATIENCE_MILLIS = 5;

  private static final long SWEEP_MILLIS = 60_000;
  private static final DeliveryOptions SOON = new DeliveryOptions().setSendTimeout(PATIENCE_MILLIS);

  /** What was charged before its owner changed is not given back to another. */
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String address;
  private final @Nullable Vertx given;
  private final LimitClock clock;
  private final OwnedCounters owned;
  private volatile @Nullable Open open;

  /** What there is from start to end. */
  private record Open(
      EventBus bus,
      String node,
      CountingMembers members,
      MessageConsumer<JsonObject> consumer,
      Runnable end) {}

  /**
   * @param name of the store
   * @param given the clustered Vert.x, or null for that of the engine
   */
  public ClusterCounters(String name, InstantSource source, @Nullable Vertx given) {
    this.address = "shield." + name + ".limits";
    this.given = given;
    this.clock = LimitClock.of(source);
    this.owned = new OwnedCounters(clock);
  }

  @Override
  public Future<Void> startup(Vertx vertx) {
    VertxInternal clustered = (VertxInternal) (given == null ? vertx : given);
    ClusterManager manager = clustered.clusterManager();
    if (manager == null) {
      return Future.failedFuture(
          new ShieldException(
              "rate limits cannot be counted in the cluster: this Vert.x is not clustered"));
    }
    ContextInternal context = clustered.createEventLoopContext();
    return context.future(
        done ->
            context.runOnContext(
                v -> {
                  EventBus bus = clustered.eventBus();
                  MessageConsumer<JsonObject> consumer =
                      bus.consumer(at(manager.getNodeId()), this::asked);
                  CountingMembers members =
                      new CountingMembers(context, manager, address, node -> connect(bus, node));
                  long timer =
                      context.setPeriodic(
                          SWEEP_MILLIS,
                          id ->
                              context.executeBlocking(
                                  () -> {
                                    owned.sweep();
                                    return true;
                                  }));
                  open =
                      new Open(
                          bus,
                          manager.getNodeId(),
                          members,
                          consumer,
                          () -> clustered.cancelTimer(timer));
                  consumer.completion().compose(ready -> members.open()).onComplete(done);
                }));
  }

  private String at(String node) {
    return address + "." + node;
  }

  /** The first message between two members takes longer than those behind it. */
  private void connect(EventBus bus, String node) {
    bus.request(at(node), CounterMessages.charge(List.of()));
  }

  private void asked(Message<JsonObject> message) {
    try {
      List<Demand> demands = CounterMessages.demands(message.body());
      Long at = CounterMessages.givenBackAt(message.body());
      if (at != null) {
        demands.forEach(demand -> owned.giveBack(demand, at));
      } else {
        message.reply(CounterMessages.answer(owned.charge(demands)));
      }
    } catch (RuntimeException e) {
      message.fail(1, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Future<Answer> charge(List<Demand> demands) {
    Open now = open;
    if (now == null) {
      return Future.failedFuture(new ShieldException("the cluster does not count now"));
    }
    return new PartedCharge<CountingMember>() {
      @Override
      protected Future<Answer> ask(CountingMember owner, List<Demand> part) {
        return ClusterCounters.this.ask(now, owner, part);
      }

      @Override
      protected void giveBack(
          CountingMember owner, Demand demand, Standing standing, long atMicros) {
        ClusterCounters.this.giveBack(now, owner, demand, atMicros);
      }
    }.charge(demands, demand -> now.members.owner(demand.key()));
  }

  private Future<Answer> ask(Open now, CountingMember owner, List<Demand> demands) {
    if (owner.node().equals(now.node)) {
      return Future.succeededFuture(owned.charge(demands));
    }
    if (!owner.isAsked()) {
      return Future.failedFuture(new ShieldException("the owner of the counter does not answer"));
    }
    return now.bus
        .<JsonArray>request(at(owner.node()), CounterMessages.charge(demands), SOON)
        .map(reply -> CounterMessages.answer(reply.body()))
        .onSuccess(answer -> owner.answered())
        .onFailure(e -> owner.failed(String.valueOf(e.getMessage())));
  }

  @Override
  public void giveBack(Demand demand, long atMicros) {
    Open now = open;
    if (now != null && !now.members.isChangedWithin(SETTLED_NANOS)) {
      giveBack(now, now.members.owner(demand.key()), demand, atMicros);
    }
  }

  private void giveBack(Open now, CountingMember owner, Demand demand, long atMicros) {
    if (owner.node().equals(now.node)) {
      owned.giveBack(demand, atMicros);
    } else {
      now.bus.send(at(owner.node()), CounterMessages.giveBack(demand, atMicros));
    }
  }

  /** Nothing is lent: whoever has many requests for a key asks each time. */
  @Override
  public Future<Void> giveBack(Limit limit, String key, Lease lease, long units) {
    return Future.succeededFuture();
  }

  /** Every member applies the commit and forgets what it owns. */
  @Override
  public void reset(String policy, Head head) {
    owned.reset(policy);
  }

  @Override
  public void reset(Limit limit, String key) {
    owned.reset(limit, key);
  }

  @Override
  public @Nullable String problem() {
    Open now = open;
    String lost =
        now == null
            ? ""
            : now.members.all().stream()
                .filter(CountingMember::isLost)
                .map(CountingMember::node)
                .collect(Collectors.joining(", "));
    return lost.isEmpty() ? null : "no answer of the members of the cluster that count: " + lost;
  }

  @Override
  public Future<Void> shutdown() {
    Open last = open;
    open = null;
    if (last == null) {
      return Future.succeededFuture();
    }
    last.end.run();
    clock.close();
    return last.members.close().compose(v -> last.consumer.unregister());
  }
}
