package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.admin.dashboard.view.SignInForm;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Signing in and out, by the API. */
final class SignInPages {
  private final AdminAccess api;
  private final Page page;

  SignInPages(AdminAccess api, Page page) {
    this.api = api;
    this.page = page;
  }

  /** A page leads to the sign-in; what a script asked for is refused, and what was typed stays. */
  static void signedOut(RoutingContext ctx) {
    boolean document = ctx.request().method().equals(HttpMethod.GET) && !Page.isPartial(ctx);
    if (!document || ctx.request().path().endsWith("/events")) {
      ctx.response().setStatusCode(401).end();
      return;
    }
    String path = ctx.request().uri();
    String here = path.substring(path.lastIndexOf('/', pathEnd(path)) + 1);
    Page.redirect(ctx, "sign-in?next=" + URLEncoder.encode(here, StandardCharsets.UTF_8));
  }

  private static int pathEnd(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri.length() : query;
  }

  Future<Void> ask(RoutingContext ctx) {
    if (!api.hasCredentials()) {
      Page.redirect(ctx, "routes");
      return Future.succeededFuture();
    }
    String next = SignInTarget.checked(ctx.queryParams().get("next"));
    boolean other = ctx.queryParams().contains("close");
    String notice = other ? "Sign in, then go back to the other tab." : "";
    page.signIn(ctx, 200, new SignInForm("", next, "", notice));
    return Future.succeededFuture();
  }

  Future<Void> signIn(RoutingContext ctx) {
    Form form = DashboardPages.form(ctx);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("username", form.value("username"));
    body.put("password", form.raw("password"));
    body.put("platform", "dashboard");
    String next = SignInTarget.checked(form.value("next"));
    return api.call(ctx, ApiCall.of(HttpMethod.POST, "/api/auth/login").withBody(body))
        .map(
            reply -> {
              if (reply.isOk()) {
                Page.redirect(ctx, next);
              } else {
                reply.headers().forEach(ctx.response()::putHeader);
                page.signIn(
                    ctx,
                    reply.status(),
                    new SignInForm(form.value("username"), next, reply.error(), ""));
              }
              return null;
            });
  }

  Future<Void> signOut(RoutingContext ctx) {
    return api.call(ctx, ApiCall.of(HttpMethod.POST, "/api/auth/logout"))
        .map(
            reply -> {
              Page.redirect(ctx, "sign-in");
              return null;
            });
  }
}
