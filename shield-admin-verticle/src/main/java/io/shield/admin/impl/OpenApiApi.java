package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.admin.document.DocumentText;
import io.shield.admin.openapi.AdminDescription;
import io.vertx.core.Future;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The description of this API. */
final class OpenApiApi {
  private final Supplier<List<Endpoint>> described;
  private volatile @Nullable ObjectNode document;

  /**
   * @param described all endpoints, once they are known
   */
  OpenApiApi(Supplier<List<Endpoint>> described) {
    this.described = described;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/openapi.json", Access.PUBLIC, call -> json(call)),
        Endpoint.get("/api/openapi.yaml", Access.PUBLIC, call -> yaml(call)));
  }

  private Future<Answer> json(Call call) {
    return Answer.json(document(call.ctx())).now();
  }

  private Future<Answer> yaml(Call call) {
    String text = DocumentText.yaml(document(call.ctx()));
    return Answer.text(200, "application/yaml", text).now();
  }

  /**
   * With the address under which it was asked for: a relative one alone is not understood by all.
   */
  private ObjectNode document(RoutingContext ctx) {
    ObjectNode known = document;
    if (known == null) {
      known = AdminDescription.of(called());
      document = known;
    }
    ObjectNode own = known.deepCopy();
    HostAndPort host = ctx.request().authority();
    String mount = ctx.mountPoint() == null ? "" : ctx.mountPoint();
    String prefix = mount.endsWith("/") ? mount.substring(0, mount.length() - 1) : mount;
    String address = host == null ? "localhost" : host.toString();
    own.withArrayProperty("servers")
        .addObject()
        .put("url", ctx.request().scheme() + "://" + address + prefix);
    return own;
  }

  private List<AdminDescription.Called> called() {
    List<AdminDescription.Called> all = new ArrayList<>();
    for (Endpoint endpoint : described.get()) {
      all.add(
          new AdminDescription.Called(
              endpoint.method().name(),
              endpoint.path().replaceAll(":(\\w+)", "{$1}"),
              endpoint.access() == Access.PUBLIC,
              endpoint.query()));
    }
    return all;
  }
}
