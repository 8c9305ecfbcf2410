package io.shield.backend.cluster.impl;

import io.vertx.core.Future;
import io.vertx.core.shareddata.AsyncMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A log in a map that the members keep in their memory. */
record MapLog(AsyncMap<String, String> map) implements CommitLog {
  @Override
  public Future<@Nullable String> get(String key) {
    return map.get(key);
  }

  @Override
  public Future<@Nullable String> putIfAbsent(String key, String text) {
    return map.putIfAbsent(key, text);
  }

  @Override
  public Future<Void> remove(String key) {
    return map.remove(key).mapEmpty();
  }

  @Override
  public Future<Set<String>> keys() {
    return map.keys();
  }
}
