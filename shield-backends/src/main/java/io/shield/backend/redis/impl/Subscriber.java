package io.shield.backend.redis.impl;

import io.shield.backend.impl.Listeners;
import io.shield.error.ShieldException;
import io.shield.internal.Dialect;
import io.shield.internal.value.Backoff;
import io.shield.json.ShieldJson;
import io.shield.model.store.Commit;
import io.shield.spi.CommitListener;
import io.shield.spi.Subscription;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection for what Redis pushes. Once there are listeners it is kept open: messages of its
 * own, which must come back, show that it is alive, since a stopped Redis and a cut network close
 * nothing. After each opening the listeners are told to look again. Used on one event loop.
 */
final class Subscriber {
  /** What is heard. */
  interface Ear {
    /** A commit. */
    void committed(Commit commit);

    /** What came meanwhile was missed. */
    void reopened();

    /** Others wrote a document, by its name in the scripts. */
    void foreign(String document);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);
  private static final long BEAT_MILLIS = 2000;
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long MIN_BACKOFF_MILLIS = 50;
  private static final long MAX_BACKOFF_MILLIS = 2000;

  /** What every message of ours has and none of the original's can have, see the scripts. */
  private static final String OURS = "\"version\":";

  private final Context context;
  private final Clients clients;
  private final Link link;
  private final Listeners listeners;
  private final Ear ear;
  private final List<String> channels;
  private final Dialect dialect;
  private final String commits;
  private final String changes;
  private final String policies;
  private final String beats;
  private @Nullable Future<Void> open;
  private @Nullable RedisConnection connection;
  private int generation;
  private int acknowledged;
  private long lastHeard;
  private final Backoff backoff =
      new Backoff(MIN_BACKOFF_MILLIS, MAX_BACKOFF_MILLIS, new SplittableRandom());
  private long timer = -1;
  private boolean closed;

  Subscriber(
      Context context,
      Clients clients,
      Link link,
      String prefix,
      Dialect dialect,
      Listeners listeners,
      Ear ear) {
    this.dialect = dialect;
    this.context = context;
    this.clients = clients;
    this.link = link;
    this.listeners = listeners;
    this.ear = ear;
    this.commits = prefix + "meta:commits";
    this.changes = prefix + "changes";
    this.policies = prefix + "rl-policy-change";
    this.beats = prefix + "meta:beat:" + UUID.randomUUID();
    this.channels = List.of(commits, changes, policies, prefix + "global_invalidate", beats);
  }

  /** Succeeds when Redis has confirmed that it will push. */
  Future<Subscription> add(CommitListener listener) {
    return opened().map(v -> listeners.add(listener));
  }

  private Future<Void> opened() {
    if (closed) {
      return Future.failedFuture(new ShieldException("the redis backend is closed"));
    }
    Future<Void> current = open;
    if (current == null) {
      current = open();
      open = current;
    }
    return current;
  }

  private Future<Void> open() {
    int mine = ++generation;
    acknowledged = 0;
    Promise<Void> confirmed = Promise.promise();
    Future<Void> done =
        clients
            .connect()
            .compose(made -> subscribe(made, mine, confirmed))
            .timeout(2 * clients.commandMillis(), TimeUnit.MILLISECONDS);
    done.onComplete(
        result -> {
          if (mine != generation) {
            return;
          }
          if (result.succeeded()) {
            backoff.reset();
            beat();
          } else {
            lost(mine, Failures.of(clients.address(), result.cause()));
          }
        });
    return done.recover(e -> Future.failedFuture(Failures.of(clients.address(), e)));
  }

  private Future<Void> subscribe(RedisConnection made, int mine, Promise<Void> confirmed) {
    if (mine != generation) {
      Clients.discard(made);
      return Future.failedFuture(new ShieldException("the redis backend is closed"));
    }
    connection = made;
    lastHeard = System.nanoTime();
    made.handler(message -> received(message, mine, confirmed));
    made.endHandler(v -> lost(mine, null));
    made.exceptionHandler(e -> lost(mine, e));
    Request request = Request.cmd(Command.SUBSCRIBE);
    channels.forEach(request::arg);
    made.send(request).onFailure(confirmed::tryFail);
    return confirmed.future();
  }

  private void received(@Nullable Response message, int mine, Promise<Void> confirmed) {
    if (mine != generation || message == null) {
      return;
    }
    lastHeard = System.nanoTime();
    if (message instanceof Throwable refusal) {
      confirmed.tryFail(refusal);
      return;
    }
    try {
      if (message.size() < 3) {
        return;
      }
      String kind = message.get(0).toString();
      if (kind.equals("subscribe") && ++acknowledged == channels.size()) {
        confirmed.tryComplete();
      } else if (kind.equals("message")) {
        heard(message.get(1).toString(), message.get(2).toString());
      }
    } catch (RuntimeException e) {
      LOG.warn("A message of Redis is not understood, looking at the store: {}", e.getMessage());
      listeners.outdated();
    }
  }

  private void heard(String channel, String text) {
    if (channel.equals(beats)) {
      return;
    }
    if (channel.equals(commits)) {
      if (text.startsWith("{")) {
        ear.committed(CommitArguments.commit(text));
      } else {
        listeners.outdated();
      }
    } else if (channel.equals(changes)) {
      if (!text.contains(OURS)) {
        String key = dialect.ours(ShieldJson.parse(channel, text).path("path").asText());
        if (key != null) {
          ear.foreign(Documents.underState(key));
        }
      }
    } else if (channel.equals(policies)) {
      if (!text.contains(OURS)) {
        ear.foreign(Documents.underPolicy(ShieldJson.parse(channel, text).path("key").asText()));
      }
    } else {
      ear.foreign(Documents.GLOBAL);
    }
  }

  /** Sends a message round and sees whether the earlier ones came back. */
  private void beat() {
    timer =
        context
            .owner()
            .setTimer(
                BEAT_MILLIS,
                id -> {
                  if (closed) {
                    return;
                  }
                  if (System.nanoTime() - lastHeard > SILENCE_NANOS) {
                    lost(generation, new ShieldException("nothing was heard for five seconds"));
                    return;
                  }
                  link.send(Request.cmd(Command.PUBLISH).arg(beats).arg("1"));
                  beat();
                });
  }

  private void lost(int mine, @Nullable Throwable cause) {
    if (mine != generation || closed) {
      return;
    }
    release();
    if (listeners.isEmpty()) {
      return;
    }
    LOG.debug("Redis at {} pushes no more: {}", clients.address(), cause);
    timer =
        context
            .owner()
            .setTimer(
                backoff.next(),
                id -> {
                  if (!closed) {
                    opened().onSuccess(v -> ear.reopened());
                  }
                });
  }

  /** Leaves the server and looks for the master. */
  void leave() {
    if (connection != null) {
      lost(generation, new ShieldException("the master is another server"));
    }
  }

  /** Lets go of the connection; what it still calls back is ignored. */
  private void release() {
    generation++;
    open = null;
    context.owner().cancelTimer(timer);
    RedisConnection old = connection;
    connection = null;
    if (old != null) {
      Clients.discard(old);
    }
  }

  void close() {
    closed = true;
    release();
    listeners.clear();
  }
}
