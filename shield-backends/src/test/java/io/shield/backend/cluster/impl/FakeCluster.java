package io.shield.backend.cluster.impl;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
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
    return Future.succeededFuture(Set.copyOf(texts.keySet()));
  }
}
