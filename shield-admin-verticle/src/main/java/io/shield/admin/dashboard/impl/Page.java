package io.shield.admin.dashboard.impl;

import gg.jte.html.HtmlTemplateOutput;
import io.shield.admin.dashboard.view.JteproblemGenerated;
import io.shield.admin.dashboard.view.JtesignInGenerated;
import io.shield.admin.dashboard.view.SignInForm;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Sends what a template writes. */
final class Page {
  /** Nothing but files of this origin, nothing inline, nobody's frame. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final Assets assets;

  Page(Assets assets) {
    this.assets = assets;
  }

  String assets() {
    return assets.path();
  }

  /** The theme that the person chose. */
  static String theme(RoutingContext ctx) {
    Cookie cookie = ctx.request().getCookie("shield_theme");
    String value = cookie == null ? "" : cookie.getValue();
    return value.equals("light") || value.equals("dark") ? value : "auto";
  }

  /** Sets the headers that every page has. */
  static void protect(HttpServerResponse response) {
    response.putHeader("Content-Security-Policy", POLICY);
    response.putHeader("X-Frame-Options", "DENY");
    // With "no-referrer" browsers would hide where a form came from, which is checked.
    response.putHeader("Referrer-Policy", "same-origin");
    response.putHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.putHeader("Cross-Origin-Resource-Policy", "same-origin");
  }

  void send(RoutingContext ctx, int status, Consumer<HtmlTemplateOutput> template) {
    send(ctx, status, Templates.text(template));
  }

  private static void send(RoutingContext ctx, int status, String html) {
    HttpServerResponse response = ctx.response();
    if (response.headWritten() || response.closed()) {
      return;
    }
    response.setStatusCode(status).putHeader("Content-Type", "text/html; charset=utf-8");
    response.end(html);
  }

  /** Sends a page that looks at every route: a worker makes it, so that no request waits. */
  static Future<Void> sendLarge(
      RoutingContext ctx, Supplier<Consumer<HtmlTemplateOutput>> template) {
    return ctx.vertx()
        .executeBlocking(() -> Templates.text(template.get()), false)
        .map(
            html -> {
              send(ctx, 200, html);
              return null;
            });
  }

  /** Sends the browser to another page, named relative to the one it asked for. */
  static void redirect(RoutingContext ctx, String target) {
    ctx.response().setStatusCode(303).putHeader("Location", target).end();
  }

  void signIn(RoutingContext ctx, int status, SignInForm form) {
    send(
        ctx,
        status,
        out -> JtesignInGenerated.render(out, Templates.PLAIN, form, theme(ctx), assets()));
  }

  void problem(RoutingContext ctx, int status, String title, String text) {
    send(
        ctx,
        status,
        out -> JteproblemGenerated.render(out, Templates.PLAIN, title, text, theme(ctx), assets()));
  }

  /** Whether a script of the page asks, and not the browser for a page. */
  static boolean isPartial(RoutingContext ctx) {
    return "true".equals(ctx.request().getHeader("HX-Request"));
  }
}
