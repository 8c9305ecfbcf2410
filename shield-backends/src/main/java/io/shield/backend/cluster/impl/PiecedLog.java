package io.shield.backend.cluster.impl;

import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts texts that are too long for one entry into pieces, the last of which makes them valid:
 * ZooKeeper stores at most a megabyte, and others grow slow with more. Pieces are named by what the
 * text says, so that who puts the same text again puts back those that were lost. Also sets a limit
 * to every wait, since some futures of cluster managers never complete.
 */
final class PiecedLog implements CommitLog {
  /** How many bytes one entry has at most. */
  static final int PIECE_BYTES = 512 * 1024;

  private static final String MARK = "pieces ";
  private static final int WIDEST_CHAR_BYTES = 3;

  private final ContextInternal context;
  private final CommitLog log;
  private final long limitMillis;

  /**
   * @param context where answers come back, whatever thread they are given on
   * @param limitMillis how long each answer is waited for
   */
  PiecedLog(Context context, CommitLog log, long limitMillis) {
    this.context = (ContextInternal) context;
    this.log = log;
    this.limitMillis = limitMillis;
  }

  private <T> Future<T> limited(Future<T> answer) {
    Promise<T> here = context.promise();
    answer.onComplete(here);
    return here.future().timeout(limitMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public Future<@Nullable String> get(String key) {
    return limited(log.get(key)).compose(text -> whole(key, text));
  }

  /** Joins the pieces; a text of which one is missing is lost. */
  private Future<@Nullable String> whole(String key, @Nullable String text) {
    if (text == null || !text.startsWith(MARK)) {
      return Future.succeededFuture(text);
    }
    int end = text.indexOf('\n');
    String[] words = text.substring(0, end).split(" ", -1);
    List<Future<@Nullable String>> pieces =
        IntStream.range(0, Integer.parseInt(words[2]))
            .mapToObj(i -> limited(log.get(piece(key, words[1], i))))
            .toList();
    return Future.all(pieces)
        .map(
            all -> {
              StringBuilder joined = new StringBuilder();
              for (Future<@Nullable String> piece : pieces) {
                String part = piece.result();
                if (part == null) {
                  return null;
                }
                joined.append(part);
              }
              return joined.append(text, end + 1, text.length()).toString();
            });
  }

  private static String piece(String key, String id, int number) {
    return key + ":" + id + ":" + number;
  }

  @Override
  public Future<@Nullable String> putIfAbsent(String key, String text) {
    List<String> pieces = cut(text);
    if (pieces.size() == 1) {
      return limited(log.putIfAbsent(key, text)).compose(there -> found(key, there));
    }
    String id = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    int last = pieces.size() - 1;
    Future<@Nullable String> written = Future.succeededFuture();
    for (int i = 0; i < last; i++) {
      String part = pieces.get(i);
      String name = piece(key, id, i);
      written = written.compose(v -> limited(log.putIfAbsent(name, part)));
    }
    String valid = MARK + id + " " + last + "\n" + pieces.get(last);
    return written
        .compose(v -> limited(log.putIfAbsent(key, valid)))
        .compose(
            there -> {
              if (there != null && !there.equals(valid)) {
                IntStream.range(0, last).forEach(i -> log.remove(piece(key, id, i)));
              }
              return found(key, there);
            });
  }

  /**
   * What was there before; null if nothing was. An entry that lost a piece keeps its place for who
   * knows it: nothing else can be put there.
   */
  private Future<@Nullable String> found(String key, @Nullable String there) {
    return whole(key, there)
        .compose(
            text ->
                there != null && text == null
                    ? Future.failedFuture(
                        new StoreUnreachableException(
                            "the cluster has lost a part of "
                                + key
                                + ": waiting for a member that knows it, or for what an operator"
                                + " decides",
                            null))
                    : Future.succeededFuture(text));
  }

  @Override
  public Future<Void> removeBroken(String key) {
    return limited(log.get(key))
        .compose(
            there ->
                whole(key, there)
                    .compose(
                        text ->
                            there != null && text == null
                                ? remove(key)
                                : Future.succeededFuture()));
  }

  static List<String> cut(String text) {
    int most = PIECE_BYTES / WIDEST_CHAR_BYTES;
    if (text.length() <= most) {
      return List.of(text);
    }
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int to = Math.min(text.length(), from + most);
      // The halves of a character stay together.
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to--;
      }
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  @Override
  public Future<Void> remove(String key) {
    return limited(log.remove(key));
  }

  @Override
  public Future<Set<String>> keys() {
    return limited(log.keys());
  }
}
