package io.shield.backend.cluster.impl.limit;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.ClusterManager;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of the cluster that count rate limits under one name, each of which says so to the
 * others, and which of them owns a key. Reading is thread-safe; the rest is confined to a context.
 */
final class CountingMembers {
  private static final Logger LOG = LoggerFactory.getLogger(CountingMembers.class);
  private static final long LOOK_MILLIS = 200;
  private static final long GREETING_MILLIS = 500;

  /** After so many looks those that are not known are asked again. */
  private static final int LOOKS_BETWEEN_QUESTIONS = 10;

  private static final String NODE = "node";
  private static final String GONE = "gone";
  private static final String ASKS = "asks";

  private final ContextInternal context;
  private final ClusterManager manager;
  private final EventBus bus;
  private final String address;
  private final Consumer<String> met;
  private final Map<String, CountingMember> known = new ConcurrentHashMap<>();
  private final Promise<Void> complete = Promise.promise();
  private volatile List<CountingMember> present;
  private volatile long changedNanos = System.nanoTime();
  private @Nullable MessageConsumer<Object> consumer;
  private long timer = -1;
  private int looks;
  private boolean isComplete;

  /**
   * @param met called with each other member that is met, on the context
   */
  CountingMembers(
      ContextInternal context, ClusterManager manager, String address, Consumer<String> met) {
    this.context = context;
    this.manager = manager;
    this.bus = context.owner().eventBus();
    this.address = address;
    this.met = met;
    CountingMember own = new CountingMember(manager.getNodeId());
    known.put(own.node(), own);
    present = List.of(own);
  }

  /** Completes when all other members have said whether they count, or after half a second. */
  Future<Void> open() {
    MessageConsumer<Object> hears = bus.consumer(address, message -> hear(message.body()));
    consumer = hears;
    timer = context.setPeriodic(LOOK_MILLIS, id -> lookAgain());
    return hears
        .completion()
        .compose(
            v -> {
              greet(GONE, false);
              look();
              return complete.future();
            })
        .timeout(GREETING_MILLIS, TimeUnit.MILLISECONDS)
        .otherwiseEmpty();
  }

  private void greet(String what, boolean is) {
    bus.publish(address, new JsonObject().put(NODE, manager.getNodeId()).put(what, is));
  }

  /**
   * Those of a cluster that was split, or whose greeting was lost, are met later: else each would
   * count by itself for good. Members that count nothing never answer.
   */
  private void lookAgain() {
    look();
    looks++;
    if (looks % LOOKS_BETWEEN_QUESTIONS == 0 && !isComplete) {
      greet(ASKS, true);
    }
  }

  private void hear(@Nullable Object body) {
    if (!(body instanceof JsonObject json) || !(json.getValue(NODE) instanceof String node)) {
      return;
    }
    if (node.equals(manager.getNodeId())) {
      return;
    }
    if (Boolean.TRUE.equals(json.getValue(GONE))) {
      known.remove(node);
    } else {
      boolean isNew = known.putIfAbsent(node, new CountingMember(node)) == null;
      if (isNew || Boolean.TRUE.equals(json.getValue(ASKS))) {
        greet(GONE, false);
      }
      if (isNew) {
        met.accept(node);
      }
    }
    look();
  }

  private void look() {
    Set<String> nodes;
    try {
      nodes = Set.copyOf(manager.getNodes());
    } catch (RuntimeException e) {
      // A manager that has ended before Vert.x did knows nobody: what was known stays.
      LOG.debug("The cluster manager does not say who is there", e);
      return;
    }
    known.keySet().removeIf(node -> !nodes.contains(node) && !node.equals(manager.getNodeId()));
    List<CountingMember> now = List.copyOf(known.values());
    if (!Set.copyOf(now).equals(Set.copyOf(present))) {
      changedNanos = System.nanoTime();
      present = now;
    }
    isComplete = known.keySet().containsAll(nodes);
    if (isComplete) {
      complete.tryComplete();
    }
  }

  /** Who counts a key. */
  CountingMember owner(String key) {
    List<CountingMember> all = present;
    CountingMember owner = all.get(0);
    long most = owner.wants(key);
    for (int i = 1; i < all.size(); i++) {
      long wants = all.get(i).wants(key);
      if (wants > most) {
        most = wants;
        owner = all.get(i);
      }
    }
    return owner;
  }

  /** Whether a member came or went within a time. */
  boolean isChangedWithin(long nanos) {
    return System.nanoTime() - changedNanos < nanos;
  }

  List<CountingMember> all() {
    return present;
  }

  Future<Void> close() {
    context.owner().cancelTimer(timer);
    greet(GONE, true);
    MessageConsumer<Object> open = consumer;
    return open == null ? Future.succeededFuture() : open.unregister();
  }
}
