package io.shield.web.index;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Hands requests to a real Vert.x router and records which routes it takes them to. The requests
 * are one that a real server has received, with another method and path; nothing else of them
 * matters to routing. So a hundred thousand take seconds.
 */
final class RealRouting implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();

  /** Kept, since Vert.x closes a client that nothing refers to. */
  private final HttpClient client = vertx.createHttpClient();

  private final HttpServerRequestInternal received;
  private List<Pass> passes = List.of();
  private int lastStatus;

  /**
   * A method and a path as it is sent.
   *
   * @param type the media type of the body and the only one that is accepted; null for none
   */
  record Request(String method, String path, String type) {
    Request(String method, String path) {
      this(method, path, null);
    }
  }

  /** What routing did from its start, or from a reroute, to its end or the next reroute. */
  static final class Pass {
    final HttpMethod method;
    final String normalizedPath;
    final String rawPath;
    final List<Route> visited = new ArrayList<>();

    /** Whether a handler ended the pass, so that later routes were not tried. */
    boolean cut;

    Pass(RoutingContext ctx) {
      method = ctx.request().method();
      normalizedPath = ctx.normalizedPath();
      rawPath = ctx.request().path();
    }
  }

  RealRouting() {
    Promise<HttpServerRequest> request = Promise.promise();
    vertx
        .createHttpServer()
        .requestHandler(request::tryComplete)
        .listen(0, "127.0.0.1")
        .compose(s -> client.request(HttpMethod.GET, s.actualPort(), "127.0.0.1", "/"))
        .compose(HttpClientRequest::send)
        .onFailure(request::tryFail);
    received = (HttpServerRequestInternal) await(request.future());
  }

  Vertx vertx() {
    return vertx;
  }

  /** To be the root router's first handler: begins a pass. */
  Handler<RoutingContext> begin() {
    return ctx -> {
      passes.add(new Pass(ctx));
      ctx.next();
    };
  }

  /** Records the route and goes on. */
  Handler<RoutingContext> visit(Route route) {
    return ctx -> {
      lastPass().visited.add(route);
      ctx.next();
    };
  }

  /** Records the route and ends the request. */
  Handler<RoutingContext> end(Route route) {
    return ctx -> {
      lastPass().visited.add(route);
      lastPass().cut = true;
      ctx.end();
    };
  }

  /** Records the route and reroutes a request once; the second time it goes on. */
  Handler<RoutingContext> reroute(Route route, HttpMethod method, String path) {
    return ctx -> {
      lastPass().visited.add(route);
      if (passes.size() > 1) {
        ctx.next();
      } else {
        lastPass().cut = true;
        ctx.reroute(method, path);
      }
    };
  }

  private Pass lastPass() {
    return passes.get(passes.size() - 1);
  }

  /** The passes of a request through the router. */
  List<Pass> send(Router router, Request request) {
    passes = new ArrayList<>();
    status(router, request);
    return passes;
  }

  /** The status code a request is answered with. */
  int status(Router router, Request request) {
    Answer answer = new Answer();
    router.handle(new Sent(received, request, answer));
    if (!answer.ended) {
      throw new AssertionError(request + " was not answered");
    }
    lastStatus = answer.status;
    return answer.status;
  }

  /** The status code that the last request was answered with. */
  int lastStatus() {
    return lastStatus;
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(120, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private static final class Sent extends HttpServerRequestWrapper {
    private final Request request;
    private final HttpServerResponse response;
    private final MultiMap params = MultiMap.caseInsensitiveMultiMap();
    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();

    Sent(HttpServerRequestInternal received, Request request, Answer answer) {
      super(received);
      this.request = request;
      this.response = answer.response();
      headers.addAll(received.headers());
      if (request.type != null) {
        headers.set("Content-Type", request.type).set("Content-Length", "1");
        headers.set("Accept", request.type);
      }
    }

    @Override
    public MultiMap headers() {
      return headers;
    }

    @Override
    public String getHeader(String name) {
      return headers.get(name);
    }

    @Override
    public String getHeader(CharSequence name) {
      return headers.get(name);
    }

    @Override
    public HttpMethod method() {
      return HttpMethod.valueOf(request.method());
    }

    @Override
    public String path() {
      return request.path();
    }

    @Override
    public MultiMap params() {
      return params;
    }

    @Override
    public HttpServerResponse response() {
      return response;
    }
  }

  /** As much of a response as routing uses. */
  private static final class Answer implements InvocationHandler {
    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    private int status = 200;
    private boolean ended;

    HttpServerResponse response() {
      Class<?>[] type = {HttpServerResponse.class};
      return (HttpServerResponse) Proxy.newProxyInstance(Answer.class.getClassLoader(), type, this);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] args) {
      switch (method.getName()) {
        case "setStatusCode" -> status = (int) args[0];
        case "end" -> ended = true;
        case "ended" -> {
          return ended;
        }
        case "headers" -> {
          return headers;
        }
        case "closed", "headWritten" -> {
          return false;
        }
        case "getStatusCode" -> {
          return status;
        }
        default -> {}
      }
      return method.getReturnType() == Future.class ? Future.succeededFuture() : proxy;
    }
  }
}
