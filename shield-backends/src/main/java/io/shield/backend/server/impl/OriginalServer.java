package io.shield.backend.server.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.internal.value.MirrorEpochs;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.RouteState;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.VersionConflict;
import io.shield.model.store.Versioned;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server of version 0.8 of api-shield, or one of waygate. It knows no revisions, so that this
 * client counts them: a mirror of what the server says, with a revision for each difference seen.
 * It is read again from time to time, since such a server does not tell of everything. Confined to
 * one context.
 */
final class OriginalServer {
  private static final long READ_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final ServerLink link;
  private final OriginalNames names;

  /** What this process declares and such a server is not told. */
  private final Map<DocumentKey, DocumentValue> own = new LinkedHashMap<>();

  /** In code it wins over the server, which cannot be told once it knows a route. */
  private final Map<String, Boolean> forceActive = new HashMap<>();

  private Map<DocumentKey, Versioned<?>> content = Map.of();
  private Head head;
  private boolean present;
  private boolean read;
  private long readNanos;
  private @Nullable Future<Snapshot> reading;

  /** Events that came while all was read. */
  private final List<JsonNode> meanwhile = new ArrayList<>();

  /**
   * @param held what this node holds from before, from such a server or another
   */
  OriginalServer(ServerLink link, @Nullable String service, Head held) {
    this.link = link;
    this.names = new OriginalNames(service);
    this.head = MirrorEpochs.isOne(held.epoch()) ? held : Head.NONE;
  }

  /** Whether the server that answers is one. */
  boolean isPresent() {
    return present;
  }

  void setPresent(boolean value) {
    present = value;
  }

  /** What it was mirrored under: a newer server in its place knows nothing of that. */
  List<String> epochs() {
    return head.equals(Head.NONE) ? List.of() : List.of(head.epoch());
  }

  /**
   * Where the mirror is.
   *
   * @param followed whether the server tells what changes
   */
  Future<Head> head(boolean followed) {
    boolean old = System.nanoTime() - readNanos > READ_AGAIN_NANOS;
    boolean known = read && followed && !old;
    return known ? Future.succeededFuture(head) : load().map(Snapshot::head);
  }

  /** Reads everything. */
  Future<Snapshot> load() {
    Future<Snapshot> underWay = reading;
    if (underWay != null) {
      return underWay;
    }
    Map<DocumentKey, DocumentValue> found = new LinkedHashMap<>();
    String service = names.service();
    Future<Void> routes =
        list(service == null ? "/api/routes" : "/api/routes?service=" + encoded(service))
            .compose(states -> read(found, states, names::state))
            .compose(v -> list("/api/rate-limits"))
            .compose(policies -> read(found, policies, names::policy))
            .compose(v -> wide(found, "/api/global", DocumentKey.globalMaintenance()))
            .compose(v -> wide(found, "/api/global-rate-limit", DocumentKey.globalRateLimit()));
    Future<Void> all = service == null ? routes : routes.compose(v -> ofService(found, service));
    Future<Snapshot> snapshot = all.map(v -> taken(found));
    reading = snapshot;
    snapshot.onComplete(
        done -> {
          reading = null;
          meanwhile.clear();
        });
    return snapshot;
  }

  /** It is not among the routes, as the original's own clients notice after a restart. */
  private Future<Void> ofService(Map<DocumentKey, DocumentValue> found, String service) {
    String path = "/api/services/" + encoded(service);
    return wide(found, path + "/maintenance", DocumentKey.serviceMaintenance(service))
        .compose(v -> wide(found, path + "/rate-limit", DocumentKey.serviceRateLimit(service)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Future<JsonNode> list(String path) {
    return link.send(HttpMethod.GET, path, null)
        .map(
            reply -> {
              JsonNode json = reply.status() == 200 ? reply.json() : null;
              if (json == null || !json.isArray()) {
                throw new StoreUnreachableException(
                    link.url() + " is no Shield Server: " + path + " has status " + reply.status(),
                    null);
              }
              return json;
            });
  }

  private interface Reader {
    OriginalNames.@Nullable Document read(JsonNode json);
  }

  private static Future<Void> read(
      Map<DocumentKey, DocumentValue> found, JsonNode all, Reader reader) {
    for (JsonNode each : all) {
      OriginalNames.Document document = reader.read(each);
      if (document != null && document.value() != null) {
        found.putIfAbsent(document.key(), document.value());
      }
    }
    return Future.succeededFuture();
  }

  /** What is the fleet's or the whole service's; some such servers lack some of it. */
  private Future<Void> wide(Map<DocumentKey, DocumentValue> found, String path, DocumentKey key) {
    return link.send(HttpMethod.GET, path, null)
        .map(
            reply -> {
              JsonNode json = reply.status() == 200 ? reply.json() : null;
              JsonNode value = json != null && json.has("policy") ? json.path("policy") : json;
              if (value != null && value.isObject()) {
                found.put(key, ShieldJson.readValue(key, value));
              }
              return null;
            });
  }

  private Snapshot taken(Map<DocumentKey, DocumentValue> found) {
    own.forEach(found::putIfAbsent);
    List<Edit> edits = new ArrayList<>();
    found.forEach((key, value) -> edit(edits, key, value));
    for (DocumentKey key : content.keySet()) {
      if (!found.containsKey(key)) {
        edit(edits, key, null);
      }
    }
    // A mirror that begins has no content to compare with.
    if (!edits.isEmpty() || !read) {
      advance(edits);
    }
    read = true;
    readNanos = System.nanoTime();
    meanwhile.forEach(this::take);
    return Snapshot.of(head, content);
  }

  private void edit(List<Edit> edits, DocumentKey key, @Nullable DocumentValue value) {
    Versioned<?> known = content.get(key);
    DocumentValue next = value instanceof RouteState state ? forced(state) : value;
    boolean same =
        known == null ? next == null : next != null && unversioned(known.value()).equals(next);
    if (!same) {
      edits.add(new Edit(key, known == null ? 0 : known.version(), next));
    }
  }

  private static Object unversioned(Object value) {
    return value instanceof RouteState state ? state.toBuilder().version(0).build() : value;
  }

  private RouteState forced(RouteState state) {
    Boolean declared = forceActive.get(state.path());
    return declared == null ? state : state.toBuilder().forceActive(declared).build();
  }

  private void advance(List<Edit> edits) {
    String epoch = head.equals(Head.NONE) ? MirrorEpochs.create() : head.epoch();
    head = new Head(epoch, head.revision() + 1, UUID.randomUUID().toString());
    Map<DocumentKey, Versioned<?>> next = new LinkedHashMap<>(content);
    for (Edit edit : edits) {
      if (edit.value() == null) {
        next.remove(edit.key());
      } else {
        next.put(edit.key(), new Versioned<>(edit.value(), head.revision()));
      }
    }
    content = next;
  }

  private Commit commit(Change change) {
    String before = head.commitId();
    advance(change.edits());
    return new Commit(head, before, change);
  }

  /** Takes in an event; null if it is no news, or is to be taken in later. */
  @Nullable Commit event(JsonNode event) {
    if (reading != null) {
      meanwhile.add(event);
    }
    return read ? take(event) : null;
  }

  private @Nullable Commit take(JsonNode event) {
    List<Edit> edits = new ArrayList<>();
    OriginalNames.Document document =
        switch (event.path("type").asText()) {
          case "state" -> names.state(event.path("payload"));
          case "state_deleted" -> {
            DocumentKey gone = names.gone(event.path("path").asText());
            yield gone == null ? null : new OriginalNames.Document(gone, null);
          }
          case "rl_policy" -> policy(event);
          default -> null;
        };
    if (document != null) {
      edit(edits, document.key(), document.value());
    }
    return edits.isEmpty()
        ? null
        : commit(new Change(UUID.randomUUID().toString(), edits, List.of()));
  }

  private OriginalNames.@Nullable Document policy(JsonNode event) {
    if (!event.path("action").asText().equals("delete")) {
      return names.policy(event.path("policy"));
    }
    DocumentKey key = names.policyKey(event.path("key").asText());
    return key == null ? null : new OriginalNames.Document(key, null);
  }

  /** Registers routes: all that such a server takes of its services. */
  Future<CommitResult> propose(Change change) {
    List<VersionConflict> conflicts = new ArrayList<>();
    ArrayNode states = JsonNodeFactory.instance.arrayNode();
    // Only what code declares comes without an audit entry.
    boolean declared = change.audit().isEmpty();
    for (Edit edit : change.edits()) {
      Versioned<?> known = content.get(edit.key());
      long version = known == null ? 0 : known.version();
      if (version != edit.expectedVersion()) {
        DocumentValue value = known == null ? null : (DocumentValue) known.value();
        conflicts.add(new VersionConflict(edit.key(), edit.expectedVersion(), version, value));
      } else if (version == 0 && edit.value() instanceof RouteState state) {
        states.add(ShieldJson.write(state.toBuilder().path(names.stored(state.path())).build()));
      }
      declared &= edit.value() != null && edit.key().kind() != DocumentKind.MAINTENANCE;
    }
    if (!declared) {
      return Future.failedFuture(
          new ChangeRefusedException(
              link.url() + " is of version 0.8 and takes no changes from services: make it there",
              null));
    }
    if (!conflicts.isEmpty()) {
      return Future.succeededFuture(new CommitResult.Conflict(head, conflicts));
    }
    Future<Void> registered = states.isEmpty() ? Future.succeededFuture() : register(states);
    return registered.map(v -> new CommitResult.Accepted(declared(change)));
  }

  private Future<Void> register(ArrayNode states) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("app_id", names.service() == null ? "" : names.service());
    body.set("states", states);
    return link.send(HttpMethod.POST, "/api/sdk/register", body)
        .map(
            reply -> {
              if (reply.status() != 200) {
                throw new StoreUnreachableException(
                    "routes cannot be registered: " + reply.message(), null, true);
              }
              return null;
            });
  }

  private Commit declared(Change change) {
    for (Edit edit : change.edits()) {
      DocumentValue value = edit.value();
      if (value instanceof RouteState state) {
        forceActive.put(state.path(), state.forceActive());
      } else if (value != null) {
        own.put(edit.key(), value);
      }
    }
    return commit(change);
  }
}
