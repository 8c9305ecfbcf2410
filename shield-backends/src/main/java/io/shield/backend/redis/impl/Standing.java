package io.shield.backend.redis.impl;

import io.shield.model.store.Head;
import io.vertx.redis.client.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the store is, without its documents.
 *
 * @param head the head, {@link Head#NONE} if it has none
 * @param ancestors the epochs the present one descends from
 * @param whole whether counting shows no loss
 * @param counts how many routes and policies the indexes name, if that is not what Shield wrote;
 *     else null
 */
record Standing(Head head, List<String> ancestors, boolean whole, @Nullable String counts) {
  /** Reads an answer of the head script. */
  static Standing of(Response answer) {
    return switch (answer.get(0).toString()) {
      case "none" -> new Standing(Head.NONE, List.of(), true, null);
      case "type" -> throw Image.wrongType(answer);
      default -> {
        String counts = answer.get(6).toString();
        yield new Standing(
            Image.head(answer, 1),
            Image.lines(answer.get(4).toString()),
            answer.get(5).toInteger() == 1,
            counts.isEmpty() ? null : counts);
      }
    };
  }
}
