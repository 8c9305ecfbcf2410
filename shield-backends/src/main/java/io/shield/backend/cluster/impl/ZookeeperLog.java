package io.shield.backend.cluster.impl;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * A log in nodes of ZooKeeper, each created in one step. Reads ask the leader first, so that they
 * see what was acknowledged to others.
 *
 * @param curator a started client
 * @param path the parent of the nodes
 */
record ZookeeperLog(CuratorFramework curator, String path) implements CommitLog {
  /** Something that Curator does in the background. */
  private interface Work {
    void start(BackgroundCallback callback) throws Exception;
  }

  private static Future<CuratorEvent> inBackground(Work work) {
    Promise<CuratorEvent> done = Promise.promise();
    try {
      work.start((client, event) -> done.tryComplete(event));
    } catch (Exception e) {
      done.tryFail(e);
    }
    return done.future();
  }

  private static <T> Future<T> failed(Code code) {
    return Future.failedFuture(KeeperException.create(code));
  }

  private String at(String key) {
    return path + "/" + key;
  }

  private Future<CuratorEvent> sync() {
    return inBackground(callback -> curator.sync().inBackground(callback).forPath(path));
  }

  @Override
  public Future<@Nullable String> get(String key) {
    return sync()
        .compose(
            v ->
                inBackground(callback -> curator.getData().inBackground(callback).forPath(at(key))))
        .compose(
            event -> {
              Code code = Code.get(event.getResultCode());
              return switch (code) {
                case OK ->
                    Future.succeededFuture(new String(event.getData(), StandardCharsets.UTF_8));
                case NONODE -> Future.succeededFuture();
                default -> failed(code);
              };
            });
  }

  @Override
  public Future<@Nullable String> putIfAbsent(String key, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return inBackground(
            callback ->
                curator
                    .create()
                    .creatingParentsIfNeeded()
                    .inBackground(callback)
                    .forPath(at(key), bytes))
        .compose(
            event -> {
              Code code = Code.get(event.getResultCode());
              return switch (code) {
                case OK -> Future.succeededFuture();
                case NODEEXISTS -> get(key);
                default -> failed(code);
              };
            });
  }

  @Override
  public Future<Void> remove(String key) {
    return inBackground(callback -> curator.delete().inBackground(callback).forPath(at(key)))
        .compose(
            event -> {
              Code code = Code.get(event.getResultCode());
              return code == Code.OK || code == Code.NONODE
                  ? Future.succeededFuture()
                  : failed(code);
            });
  }

  @Override
  public Future<Set<String>> keys() {
    return sync()
        .compose(
            v ->
                inBackground(
                    callback -> curator.getChildren().inBackground(callback).forPath(path)))
        .compose(
            event -> {
              Code code = Code.get(event.getResultCode());
              return switch (code) {
                case OK -> Future.succeededFuture(Set.copyOf(event.getChildren()));
                case NONODE -> Future.succeededFuture(Set.of());
                default -> failed(code);
              };
            });
  }
}
