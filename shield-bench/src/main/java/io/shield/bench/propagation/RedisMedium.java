package io.shield.bench.propagation;

import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.bench.redis.BenchRedis;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A Redis of its own; messages go from one plain connection to another. */
final class RedisMedium implements Medium {
  private static final String CHANNEL = "bench";

  private final BenchRedis redis;
  private final Vertx here = Vertx.vertx();
  private final Vertx there = Vertx.vertx();
  private final RedisConnection publisher;

  RedisMedium() throws Exception {
    redis = new BenchRedis();
    publisher = Redis.createClient(here, redis.url()).connect().await(30, TimeUnit.SECONDS);
  }

  @Override
  public Vertx here() {
    return here;
  }

  @Override
  public Vertx there() {
    return there;
  }

  @Override
  public ShieldBackend backend() {
    return RedisBackend.create(new RedisBackendOptions().setUrl(redis.url()));
  }

  @Override
  public Future<Void> listen(Consumer<String> receiver) {
    return Redis.createClient(there, redis.url())
        .connect()
        .compose(
            connection -> {
              connection.handler(push -> received(push, receiver));
              return connection.send(Request.cmd(Command.SUBSCRIBE).arg(CHANNEL));
            })
        .mapEmpty();
  }

  private static void received(Response push, Consumer<String> receiver) {
    if (push.type() == ResponseType.PUSH && push.get(0).toString().equals("message")) {
      receiver.accept(push.get(2).toString());
    }
  }

  @Override
  public Future<Void> send(String message) {
    return publisher.send(Request.cmd(Command.PUBLISH).arg(CHANNEL).arg(message)).mapEmpty();
  }

  @Override
  public @Nullable Future<Void> write(String key, String value) {
    return null;
  }

  @Override
  public void close() {
    Future.join(here.close(), there.close()).toCompletionStage().toCompletableFuture().join();
    try {
      redis.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
