package io.shield.backend.cluster.impl;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A cluster in memory that loses, refuses and splits at will. */
final class FakeCluster implements CommitLog {
  private static final Duration DETECTION = Duration.ofMillis(200);

  final NavigableMap<String, String> texts = new ConcurrentSkipListMap<>();
  private final List<String> nodes = new ArrayList<>();
  private volatile boolean silent;
  private volatile boolean answering = true;
  private volatile @Nullable Runnable beforePut;
  private volatile @Nullable String unlisted;

  FakeCluster(int members) {
    for (int i = 0; i < members; i++) {
      nodes.add("node" + i);
    }
  }

  Cluster opened() {
    return new Cluster(this, Membership.of(this::nodes, DETECTION), List.of());
  }

  private synchronized List<String> nodes() {
    return List.copyOf(nodes);
  }

  synchronized void leave() {
    nodes.remove(nodes.size() - 1);
  }

  synchronized void join(String name) {
    nodes.add(name);
  }

  /** What is put is stored, but nobody is told. */
  void loseAnswers(boolean lose) {
    silent = lose;
  }

  /** Nothing is stored and nobody is told. */
  void loseQuestions(boolean lose) {
    answering = !lose;
  }

  /** Runs once, when the next text is put. */
  void beforePut(Runnable work) {
    beforePut = work;
  }

  /** The next list of keys lacks this one, as if it had been put while the list was made. */
  void unlisted(String key) {
    unlisted = key;
  }

  @Override
  public Future<@Nullable String> get(String key) {
    return Future.succeededFuture(texts.get(key));
  }

  @Override
  public Future<@Nullable String> putIfAbsent(String key, String text) {
    Runnable first = beforePut;
    beforePut = null;
    if (first != null) {
      first.run();
    }
    if (!answering) {
      return Future.failedFuture("nobody is there");
    }
    String before = texts.putIfAbsent(key, text);
    return silent ? Future.failedFuture("no answer") : Future.succeededFuture(before);
  }

  @Override
  public Future<Void> remove(String key) {
    texts.remove(key);
    return Future.succeededFuture();
  }

  @Override
  public Future<Set<String>> keys() {
    Set<String> keys = new HashSet<>(texts.keySet());
    if (unlisted != null) {
      keys.remove(unlisted);
      unlisted = null;
    }
    return Future.succeededFuture(keys);
  }
}
