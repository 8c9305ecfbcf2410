package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldChange;
import io.shield.internal.gate.Gates;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The events of the original: one for each route, maintenance and rate limit that changed. */
final class PlainEvents implements EventFormat {
  private static final Buffer KEEPALIVE = SseText.comment("keepalive");

  private final ServiceNames names;
  private final Gates gates;
  private final @Nullable Family sdk;

  /**
   * @param names whose changes are told
   * @param gates what else decides about a route here
   * @param sdk whose SDK it is for, which has no way to read again: events of any size, without the
   *     audit entries, which people read; null for people's tools
   */
  PlainEvents(ServiceNames names, Gates gates, @Nullable Family sdk) {
    this.names = names;
    this.gates = gates;
    this.sdk = sdk;
  }

  @Override
  public List<Buffer> events(Head from, Applied applied, Instant now) {
    ShieldChange change = applied.change();
    Head head = change.after().head();
    return ChangeEvents.of(concerned(change), gates, now).stream()
        .map(event -> buffer(head, event))
        .toList();
  }

  private ShieldChange concerned(ShieldChange change) {
    if (names.service() == null) {
      return change;
    }
    Predicate<DocumentKey> own = key -> names.local(key) != null;
    Set<DocumentKey> changed =
        change.changed().stream().filter(own).collect(Collectors.toUnmodifiableSet());
    Set<String> routes =
        change.routes().stream()
            .filter(route -> own.test(DocumentKey.state(route)))
            .collect(Collectors.toUnmodifiableSet());
    return new ShieldChange(change.before(), change.after(), changed, routes, change.audit());
  }

  private Buffer buffer(Head head, ObjectNode event) {
    if (sdk != null) {
      event.remove("audit");
      localPolicy(event);
      return SseText.event(head, sdk == Family.WAYGATE ? WaygateNames.of(event) : event);
    }
    Buffer text = SseText.event(head, event);
    return text.length() <= SseText.MAX_EVENT_BYTES
        ? text
        : SseText.event(head, ChangeEvents.reload(head));
  }

  /** A service's policies travel under the paths that its code knows. */
  private void localPolicy(ObjectNode event) {
    if (names.service() == null || !event.has("key")) {
      return;
    }
    DocumentKey local = names.local(DocumentKey.policy(event.get("key").textValue()));
    if (local != null) {
      event.put("key", local.key());
      if (event.get("policy") instanceof ObjectNode policy) {
        policy.put("path", local.key().substring(local.key().indexOf(':') + 1));
      }
    }
  }

  @Override
  public List<Buffer> passed(Head from, Head to) {
    return List.of();
  }

  @Override
  public List<Buffer> outrun(Head head) {
    return sdk == null ? List.of(SseText.event(head, ChangeEvents.reload(head))) : List.of();
  }

  @Override
  public Buffer hello(Head head, boolean resumed) {
    return SseText.hello(head, ChangeEvents.hello(head, resumed));
  }

  @Override
  public Buffer keepalive(Head head) {
    return KEEPALIVE;
  }
}
