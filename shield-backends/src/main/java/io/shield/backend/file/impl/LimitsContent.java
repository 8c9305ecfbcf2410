package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import io.shield.model.KeyStrategy;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.KeptCounters;
import io.shield.spi.limit.KeptCounters.Kept;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.LiveCounter;
import io.shield.spi.limit.LiveCounter.Use;
import io.shield.spi.limit.RateLimitHit;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * What the limits file holds.
 *
 * @param hits in the order in which they were last added to
 * @param parts what engines have counted
 */
record LimitsContent(List<RateLimitHit> hits, List<Part> parts) {
  static final LimitsContent EMPTY = new LimitsContent(List.of(), List.of());
  private static final int FORMAT = 1;

  /**
   * Counters of one limit.
   *
   * @param writer the engine that counted
   */
  record Part(String writer, KeptCounters counters) {}

  /** On one line: there may be many counters, and nobody edits them. */
  String write() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("format", FORMAT);
    ArrayNode writtenHits = root.putArray("hits");
    hits.forEach(hit -> writtenHits.add(ShieldJson.write(hit)));
    ArrayNode writtenParts = root.putArray("counters");
    parts.forEach(part -> writtenParts.add(write(part)));
    return ShieldJson.text(root) + "\n";
  }

  private static ObjectNode write(Part part) {
    Limit limit = part.counters().limit();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("writer", part.writer());
    node.set("head", ShieldJson.write(part.counters().head()));
    node.put("policy", limit.policy());
    node.put("tier", limit.tier());
    node.put("key_strategy", limit.keyStrategy().wireName());
    node.put("algorithm", limit.rule().algorithm().wireName());
    node.put("count", limit.rule().limit().count());
    node.put("period_micros", limit.rule().periodMicros());
    node.put("burst", limit.rule().burst());
    ArrayNode keys = node.putArray("keys");
    part.counters().counters().forEach(kept -> write(keys.addObject(), kept));
    return node;
  }

  private static void write(ObjectNode node, Kept kept) {
    node.put("key", kept.counter().key());
    node.put("refusing", kept.refusing());
    node.put("until", kept.untilMicros());
    ArrayNode uses = node.putArray("uses");
    kept.counter().uses().forEach(use -> uses.add(use.atMicros()).add(use.units()));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws UnreadableException if it is anything else
   */
  static LimitsContent read(String text) throws UnreadableException {
    ObjectNode root = new JsonFormat().parse(text);
    try {
      if (required(root, "format").asInt() != FORMAT) {
        throw new ShieldException("format " + root.get("format") + " is not known");
      }
      List<RateLimitHit> hits = new ArrayList<>();
      for (JsonNode hit : required(root, "hits")) {
        hits.add(ShieldJson.readRateLimitHit(hit));
      }
      List<Part> parts = new ArrayList<>();
      for (JsonNode part : required(root, "counters")) {
        parts.add(readPart(part));
      }
      return new LimitsContent(hits, parts);
    } catch (ShieldException e) {
      throw new UnreadableException(String.valueOf(e.getMessage()), 0, 0);
    }
  }

  private static Part readPart(JsonNode node) {
    Duration period = Duration.of(number(node, "period_micros"), ChronoUnit.MICROS);
    LimitRule rule =
        new LimitRule(
            RateLimitAlgorithm.parse(text(node, "algorithm")),
            new RateLimit(number(node, "count"), period),
            Math.toIntExact(Math.min(number(node, "burst"), Integer.MAX_VALUE)));
    JsonNode tier = node.path("tier");
    Limit limit =
        new Limit(
            text(node, "policy"),
            tier.isTextual() ? tier.textValue() : null,
            KeyStrategy.parse(text(node, "key_strategy")),
            rule);
    List<Kept> keys = new ArrayList<>();
    for (JsonNode key : required(node, "keys")) {
      keys.add(readKey(key));
    }
    return new Part(
        text(node, "writer"),
        new KeptCounters(limit, ShieldJson.readHead(required(node, "head")), keys));
  }

  private static Kept readKey(JsonNode node) {
    JsonNode written = required(node, "uses");
    List<Use> uses = new ArrayList<>(written.size() / 2);
    for (int i = 0; i + 1 < written.size(); i += 2) {
      uses.add(new Use(written.path(i).asLong(-1), written.path(i + 1).asLong()));
    }
    return new Kept(
        new LiveCounter(text(node, "key"), uses),
        required(node, "refusing").asBoolean(),
        number(node, "until"));
  }

  private static JsonNode required(JsonNode node, String name) {
    JsonNode found = node.get(name);
    if (found == null) {
      throw new ShieldException("'" + name + "' is missing");
    }
    return found;
  }

  private static String text(JsonNode node, String name) {
    JsonNode found = required(node, name);
    if (!found.isTextual()) {
      throw new ShieldException("'" + name + "' is not a text");
    }
    return found.textValue();
  }

  private static long number(JsonNode node, String name) {
    JsonNode found = required(node, name);
    if (!found.canConvertToLong() || !found.isIntegralNumber()) {
      throw new ShieldException("'" + name + "' is not a whole number");
    }
    return found.longValue();
  }
}
