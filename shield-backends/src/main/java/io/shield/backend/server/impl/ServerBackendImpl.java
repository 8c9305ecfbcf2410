package io.shield.backend.server.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.backend.server.ServerBackend;
import io.shield.backend.server.ServerBackendOptions;
import io.shield.error.ShieldException;
import io.shield.json.CommitJson;
import io.shield.json.Fields;
import io.shield.json.ShieldJson;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.VersionConflict;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage;
import io.shield.spi.Lineage.Descent;
import io.shield.spi.StoreUnreachableException;
import io.shield.spi.Subscription;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** See {@link ServerBackend}. What is open is confined to one context. */
public final class ServerBackendImpl implements ServerBackend {
  private static final Capabilities CAPABILITIES = new Capabilities(true, true, true);

  private final ServerBackendOptions options;
  private volatile Head held = Head.NONE;
  private volatile @Nullable Open open;

  /** What {@link #startup} opened. */
  private static final class Open {
    final Vertx vertx;
    final Context context;
    final ServerLink link;
    final OriginalServer original;
    final List<EventFollower> followers = new ArrayList<>();

    /** The furthest this node has seen the store, by whatever way. */
    Head seen = Head.NONE;

    Open(Vertx vertx, ServerBackendOptions options, Head held) {
      this.vertx = vertx;
      this.context = vertx.getOrCreateContext();
      this.link = new ServerLink(vertx, options);
      this.original = new OriginalServer(link, options.getService(), held);
    }

    Head see(Head head) {
      if (!head.epoch().equals(seen.epoch()) || head.revision() > seen.revision()) {
        seen = head;
      }
      return head;
    }

    /** Where the mirror of a server of version 0.8 is. */
    Future<Head> mirrored() {
      return original.head(followers.stream().anyMatch(EventFollower::isConnected));
    }

    @Nullable EventFollower follower() {
      return followers.stream()
          .filter(follower -> !follower.head().equals(Head.NONE))
          .findFirst()
          .orElse(null);
    }
  }

  /** For servers that the options name; the options are not changed afterwards. */
  public ServerBackendImpl(ServerBackendOptions options) {
    this.options = options;
  }

  private <T> Future<T> on(Function<Open, Future<T>> work) {
    Open now = open;
    if (now == null) {
      return Future.failedFuture(new ShieldException("the server backend is not started"));
    }
    Promise<T> answer = Promise.promise();
    now.context.runOnContext(
        v -> {
          try {
            work.apply(now).onComplete(answer);
          } catch (RuntimeException e) {
            answer.fail(e);
          }
        });
    return answer.future();
  }

  @Override
  public @Nullable String service() {
    return options.getService();
  }

  @Override
  public void expect(Head known) {
    held = known;
  }

  /** Asks where the server is, so that wrong credentials are noticed. */
  @Override
  public Future<Void> startup(Vertx vertx) {
    Open now = open;
    if (now == null) {
      now = new Open(vertx, options, held);
      open = now;
    }
    return on(
        opened ->
            current(opened, "/api/sdk/head")
                .compose(json -> json == null ? opened.original.load() : Future.succeededFuture())
                .recover(failure -> refusal(opened, failure))
                .mapEmpty());
  }

  /** Waiting would not help. */
  private static <T> Future<T> refusal(Open opened, Throwable failure) {
    return Future.failedFuture(
        opened.link.isRefused()
            ? new ShieldException(
                opened.link.url() + " refuses this service: " + failure.getMessage())
            : failure);
  }

  private static Future<JsonNode> checked(Reply reply) {
    return reply.status() == 200
        ? Future.succeededFuture(reply.json())
        : Future.failedFuture(new StoreUnreachableException(reply.message(), null));
  }

  private static Future<JsonNode> get(Open opened, String path) {
    return opened.link.send(HttpMethod.GET, path, null).compose(ServerBackendImpl::checked);
  }

  /** What only a server of today answers; null if it is one of version 0.8. */
  private static Future<@Nullable JsonNode> current(Open opened, String path) {
    if (opened.original.isPresent()) {
      return Future.succeededFuture();
    }
    return opened
        .link
        .send(HttpMethod.GET, path, null)
        .compose(
            reply -> {
              if (reply.status() == 404) {
                opened.original.setPresent(true);
                return Future.succeededFuture();
              }
              return checked(reply);
            });
  }

  /** What the stream tells costs no request. */
  @Override
  public Future<Head> head() {
    return on(
        opened -> {
          EventFollower follower = opened.follower();
          if (follower == null) {
            return asked(opened, opened::mirrored);
          }
          opened.see(follower.head());
          return Future.succeededFuture(opened.seen);
        });
  }

  /** Of a server of version 0.8, which has no head, all is read. */
  @Override
  public Future<Head> headNow() {
    return on(opened -> asked(opened, () -> opened.original.load().map(Snapshot::head)));
  }

  private static Future<Head> asked(Open opened, Supplier<Future<Head>> ofOriginal) {
    return current(opened, "/api/sdk/head")
        .compose(
            json ->
                json == null
                    ? ofOriginal.get()
                    : Future.succeededFuture(opened.see(ShieldJson.readHead(json.path("head")))));
  }

  @Override
  public Future<Lineage> lineage() {
    return on(
        opened ->
            current(opened, "/api/sdk/head")
                .compose(
                    json -> {
                      if (json == null) {
                        return opened.mirrored().map(head -> new Lineage(head.epoch(), List.of()));
                      }
                      List<String> ancestors = new ArrayList<>(opened.original.epochs());
                      json.path("ancestors").forEach(each -> ancestors.add(each.asText()));
                      Head head = ShieldJson.readHead(json.path("head"));
                      return Future.succeededFuture(new Lineage(head.epoch(), ancestors));
                    }));
  }

  /** Asks the server's store: the server may have been behind it for a while. */
  @Override
  public Future<Descent> descent(Head earlier, Head later) {
    String path = "/api/sdk/head?earlier=" + parameter(earlier) + "&later=" + parameter(later);
    return on(opened -> current(opened, path))
        .map(json -> descent(json == null ? "" : json.path("descent").asText()))
        .otherwise(Descent.FORGOTTEN);
  }

  private static String parameter(Head head) {
    String text = head.epoch() + ":" + head.revision() + ":" + head.commitId();
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** A server that does not know the question has forgotten. */
  private static Descent descent(String told) {
    return Stream.of(Descent.values())
        .filter(each -> each.name().equalsIgnoreCase(told))
        .findFirst()
        .orElse(Descent.FORGOTTEN);
  }

  @Override
  public Future<Snapshot> load() {
    return on(
        opened ->
            current(opened, "/api/sdk/snapshot")
                .compose(
                    json -> {
                      if (json == null) {
                        return opened.original.load();
                      }
                      Snapshot snapshot = CommitJson.readSnapshot(json);
                      opened.see(snapshot.head());
                      return Future.succeededFuture(snapshot);
                    }));
  }

  @Override
  public Future<CommitResult> commit(Change change) {
    return on(
        opened ->
            opened.original.isPresent()
                ? opened.original.propose(change)
                : opened
                    .link
                    .send(HttpMethod.POST, "/api/sdk/commit", CommitJson.write(change))
                    .map(reply -> result(opened, reply)));
  }

  private static CommitResult result(Open opened, Reply reply) {
    if (reply.status() == 200) {
      CommitResult.Accepted accepted =
          new CommitResult.Accepted(CommitJson.readCommit(reply.json().path("commit")));
      opened.see(accepted.commit().head());
      return accepted;
    }
    JsonNode body = reply.status() == 409 ? reply.json() : null;
    if (body != null && body.has("conflicts")) {
      List<VersionConflict> conflicts = new ArrayList<>();
      for (JsonNode each : body.path("conflicts")) {
        Delta.Document document = Delta.Document.read(each);
        long expected = Fields.of("conflict", each).number("expected_version", 0);
        conflicts.add(
            new VersionConflict(document.key(), expected, document.version(), document.value()));
      }
      return new CommitResult.Conflict(ShieldJson.readHead(body.path("head")), conflicts);
    }
    throw failure(reply);
  }

  /** What the server is sure of, this node is sure of as well. */
  private static ShieldException failure(Reply reply) {
    String code = String.valueOf(reply.code());
    boolean callers = reply.status() >= 400 && reply.status() < 500 && reply.status() != 429;
    if (callers || code.equals("CHANGE_REFUSED")) {
      return new ChangeRefusedException("the server refused it: " + reply.message(), null);
    }
    boolean unsent = reply.status() == 429 || code.equals("STORE_UNREACHABLE");
    return new StoreUnreachableException(reply.message(), null, unsent);
  }

  @Override
  public Future<List<AuditEntry>> auditLog(AuditQuery query) {
    AuditPath path = new AuditPath(options.getService());
    return on(
        opened ->
            get(opened, path.of(query))
                .map(
                    json -> {
                      List<AuditEntry> entries = new ArrayList<>();
                      json.forEach(
                          each -> entries.add(path.local(ShieldJson.readAuditEntry(each))));
                      return entries;
                    }));
  }

  @Override
  public Future<Subscription> subscribe(CommitListener listener) {
    return on(
        opened -> {
          EventFollower follower =
              new EventFollower(opened.vertx, opened.link, opened.original, listener);
          opened.followers.add(follower);
          return follower
              .start()
              .onFailure(failure -> opened.followers.remove(follower))
              .map(
                  v ->
                      () ->
                          on(
                              still -> {
                                still.followers.remove(follower);
                                return follower.close();
                              }));
        });
  }

  @Override
  public String location() {
    String service = Objects.requireNonNullElse(options.getService(), "");
    String urls = options.getUrls().stream().distinct().sorted().collect(Collectors.joining(","));
    return "server " + urls + " " + service;
  }

  @Override
  public boolean isControlPlane() {
    return true;
  }

  @Override
  public boolean isRefused() {
    Open now = open;
    return now != null && now.link.isRefused();
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Future<Void> shutdown() {
    Open now = open;
    if (now == null) {
      return Future.succeededFuture();
    }
    return on(
        opened -> {
          List.copyOf(opened.followers).forEach(EventFollower::close);
          opened.followers.clear();
          open = null;
          return opened.link.close();
        });
  }
}
