package io.shield.admin.impl;

import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.admin.stream.Audience;
import io.shield.admin.stream.Follower;
import io.shield.admin.stream.OpenStream;
import io.shield.admin.stream.Streams;
import io.shield.internal.ClientAddress;
import io.shield.internal.EngineInternals;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The streams of changes, as server-sent events: for people's tools, and for services. */
final class EventsApi {
  /** The stream of services. */
  static final String OF_SERVICES = "/api/sdk/events";

  private static final int MAX_NAME = 200;

  private final ShieldEngine engine;
  private final EngineInternals internals;
  private final InstantSource clock;
  private final Authenticator authenticator;
  private final ClientAddress addresses;
  private final ChangeLog log;
  private final Streams streams;
  private final Duration keepalive;
  private final Set<StreamClient> clients = ConcurrentHashMap.newKeySet();
  private final Map<Context, StreamHub> hubs = new ConcurrentHashMap<>();

  EventsApi(
      ShieldEngine engine,
      EngineInternals internals,
      Authenticator authenticator,
      ClientAddress addresses,
      Streams streams,
      Duration keepalive) {
    this.streams = streams;
    this.keepalive = keepalive;
    this.engine = engine;
    this.internals = internals;
    this.clock = internals.clock();
    this.authenticator = authenticator;
    this.addresses = addresses;
    this.log = ChangeLog.of(engine);
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/events", Access.VIEWER, this::forPeople),
        Endpoint.get(OF_SERVICES, Access.SDK, this::forServices),
        Endpoint.get("/api/clients", Access.VIEWER, this::clients).listing("service"));
  }

  private Future<Answer> clients(Call call) {
    String service = call.parameter("service");
    List<StreamClient> all =
        clients.stream()
            .filter(client -> client.kind() != StreamClient.Kind.PEOPLE)
            .filter(client -> service == null || service.equals(client.service()))
            .sorted(Comparator.comparing(StreamClient::since))
            .toList();
    Head head = engine.snapshot().head();
    return Page.of(call, all).answer(client -> client.json(head)).now();
  }

  private Future<Answer> forPeople(Call call) {
    return stream(call, StreamClient.Kind.PEOPLE, null);
  }

  /** Shield's own clients say which version of the stream they know. */
  private Future<Answer> forServices(Call call) {
    String service = ServiceView.visible(call, AuthApi.service(call.ctx()));
    return stream(call, kind(call.ctx().request()), service);
  }

  private static StreamClient.Kind kind(HttpServerRequest request) {
    if ("1".equals(request.getHeader("Accept-Version"))) {
      return StreamClient.Kind.ENGINE;
    }
    boolean waygate = Family.of(request) == Family.WAYGATE;
    return waygate ? StreamClient.Kind.WAYGATE : StreamClient.Kind.ORIGINAL;
  }

  /** Answers when the client has gone, which nobody hears any more. */
  private Future<Answer> stream(Call call, StreamClient.Kind kind, @Nullable String service) {
    RoutingContext ctx = call.ctx();
    if (ctx.request().method().equals(HttpMethod.HEAD)) {
      return Answer.text(200, OpenStream.MEDIA_TYPE, "").now();
    }
    StreamHub hub = hub(ctx.vertx());
    Snapshot snapshot = hub.snapshot();
    StreamClient client = client(call, kind, service, snapshot.head());
    OpenStream out = streams.open(ctx, audience(kind), follower(client.principal()));
    if (out == null) {
      throw RefusedException.tooMany("too many streams are open", Streams.COME_AGAIN);
    }
    EventStream stream = new EventStream(out, client);
    EventFormat format = hub.add(stream);
    ChangeLog.Missed missed = missed(ctx.request(), snapshot);
    List<Buffer> first = new ArrayList<>();
    first.add(format.hello(missed == null ? snapshot.head() : missed.from(), missed != null));
    if (missed != null && !missed.from().equals(snapshot.head())) {
      first.addAll(replay(format, missed, snapshot));
    }
    stream.send(first, snapshot.head());
    return out.gone()
        .map(
            v -> {
              hub.remove(stream);
              return Answer.ok();
            });
  }

  private static @Nullable Follower follower(Principal principal) {
    String token = principal.tokenId();
    return token == null ? null : new Follower(token, principal.name());
  }

  private static Audience audience(StreamClient.Kind kind) {
    return kind == StreamClient.Kind.PEOPLE ? Audience.PEOPLE : Audience.SERVICES;
  }

  private StreamHub hub(Vertx vertx) {
    // Of the server, not of this request.
    ContextInternal context = ((VertxInternal) vertx).getOrCreateContext().unwrap();
    return hubs.computeIfAbsent(
        context,
        c ->
            new StreamHub(
                context,
                engine,
                internals,
                authenticator,
                keepalive.toMillis(),
                clients,
                () -> hubs.remove(context)));
  }

  private StreamClient client(
      Call call, StreamClient.Kind kind, @Nullable String service, Head head) {
    HttpServerRequest request = call.ctx().request();
    return new StreamClient(
        kind,
        service,
        shortened(Family.header(request, "Instance")),
        addresses.of(request),
        shortened(request.getHeader("User-Agent")),
        call.now(),
        call.principal(),
        head);
  }

  private static @Nullable String shortened(@Nullable String text) {
    return text == null || text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME);
  }

  /** What a client missed that names the last event it saw; null if that is not known any more. */
  private ChangeLog.@Nullable Missed missed(HttpServerRequest request, Snapshot snapshot) {
    String seen = request.getHeader("Last-Event-ID");
    int colon = seen == null ? -1 : seen.lastIndexOf(':');
    if (seen == null || colon < 0) {
      return null;
    }
    try {
      long revision = Long.parseLong(seen.substring(colon + 1));
      return log.since(seen.substring(0, colon), revision, snapshot);
    } catch (NumberFormatException notOurs) {
      return null;
    }
  }

  private List<Buffer> replay(EventFormat format, ChangeLog.Missed missed, Snapshot snapshot) {
    Set<String> routes =
        missed.changed().stream()
            .filter(key -> key.kind() == DocumentKind.STATE)
            .map(DocumentKey::key)
            .collect(Collectors.toSet());
    ShieldChange change = new ShieldChange(snapshot, snapshot, missed.changed(), routes, List.of());
    List<Buffer> events = format.events(missed.from(), new Applied(change, null), clock.instant());
    return events.isEmpty() ? format.passed(missed.from(), snapshot.head()) : events;
  }
}
