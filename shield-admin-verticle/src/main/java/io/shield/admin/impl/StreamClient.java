package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.model.store.Head;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who follows a stream, and how far. What it was told is written by one thread only. */
final class StreamClient {
  /** Whose form of events a stream has. */
  enum Kind {
    /** People's tools: everything, with who changed it. */
    PEOPLE,
    /** The original's SDK. */
    ORIGINAL,
    /** The SDK of waygate, the original's renamed successor. */
    WAYGATE,
    /** Shield's own engine. */
    ENGINE
  }

  private final Kind kind;
  private final @Nullable String service;
  private final @Nullable String instance;
  private final @Nullable String address;
  private final @Nullable String agent;
  private final Instant since;
  private final Principal principal;
  private volatile Head head;

  StreamClient(
      Kind kind,
      @Nullable String service,
      @Nullable String instance,
      @Nullable String address,
      @Nullable String agent,
      Instant since,
      Principal principal,
      Head head) {
    this.kind = kind;
    this.service = service;
    this.instance = instance;
    this.address = address;
    this.agent = agent;
    this.since = since;
    this.principal = principal;
    this.head = head;
  }

  Kind kind() {
    return kind;
  }

  @Nullable String service() {
    return service;
  }

  Instant since() {
    return since;
  }

  Principal principal() {
    return principal;
  }

  Head head() {
    return head;
  }

  void told(Head value) {
    head = value;
  }

  /** As it is shown; the lag is how many commits it was not told of yet. */
  ObjectNode json(Head current) {
    Head seen = head;
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("service", service);
    json.put("instance", instance);
    json.put("address", address);
    json.put("sdk", agent);
    json.put("since", since.toString());
    json.put("head", SseText.id(seen));
    boolean known = seen.epoch().equals(current.epoch());
    long behind = Math.max(0, current.revision() - seen.revision());
    json.put("lag", known ? Long.valueOf(behind) : null);
    return json;
  }
}
