package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.function.Function;

/**
 * A part of a list, by {@code limit} and {@code offset}.
 *
 * @param items the part
 * @param total how many there are in all
 */
record Page<T>(List<T> items, int total) {
  /** The most items that one answer holds. */
  static final int MAX_LIMIT = 10_000;

  static <T> Page<T> of(Call call, List<T> all) {
    return of(call, all, MAX_LIMIT);
  }

  static <T> Page<T> of(Call call, List<T> all, int defaultLimit) {
    int limit = call.number("limit", defaultLimit, 1, MAX_LIMIT);
    int offset = call.number("offset", 0, 0, Integer.MAX_VALUE);
    int from = Math.min(offset, all.size());
    int to = (int) Math.min((long) from + limit, all.size());
    return new Page<>(all.subList(from, to), all.size());
  }

  Answer answer(Function<T, ? extends JsonNode> json) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode(items.size());
    items.forEach(item -> array.add(json.apply(item)));
    return Answer.json(array).with("X-Total-Count", String.valueOf(total));
  }
}
