package io.shield.admin.dashboard.impl;

import gg.jte.html.HtmlTemplateOutput;
import io.shield.ShieldEngine;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.admin.dashboard.Visitor;
import io.shield.admin.dashboard.view.Dialog;
import io.shield.admin.dashboard.view.JteauditGenerated;
import io.shield.admin.dashboard.view.JtechoiceGenerated;
import io.shield.admin.dashboard.view.JtedialogGenerated;
import io.shield.admin.dashboard.view.JtelimitsGenerated;
import io.shield.admin.dashboard.view.JtepaletteGenerated;
import io.shield.admin.dashboard.view.JterouteGenerated;
import io.shield.admin.dashboard.view.JteroutesGenerated;
import io.shield.admin.dashboard.view.JtescheduleGenerated;
import io.shield.admin.dashboard.view.JteservicesGenerated;
import io.shield.admin.dashboard.view.JtestoreGenerated;
import io.shield.admin.dashboard.view.JtetoastGenerated;
import io.shield.admin.dashboard.view.JtewebhooksGenerated;
import io.shield.admin.dashboard.view.PaletteItem;
import io.shield.admin.dashboard.view.RoutesPage;
import io.shield.admin.dashboard.view.ServicesPage;
import io.shield.admin.dashboard.view.Shell;
import io.shield.admin.dashboard.view.Toast;
import io.shield.admin.stream.Streams;
import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.internal.EngineInternals;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** The dashboard's addresses, and what stands behind each. */
public final class DashboardPages {
  private static final String PREFIX = "/dashboard/";
  private static final String MOST_CLIENTS = "1000";

  /** Pages that show requests, refusals and the store's age. */
  private static final Set<String> POLLED =
      Set.of("route", "limits", "services", "webhooks", "store");

  private final ShieldEngine engine;
  private final AdminAccess api;
  private final InstantSource clock;
  private final Assets assets = new Assets();
  private final Page page = new Page(assets);
  private final SignInPages signIn;
  private final Notices notices;
  private final RoutesView routes;
  private final RoutePages routePages;
  private final AuditPages auditPages;
  private final Palette palette;
  private final LimitPages limitPages;
  private final ServicePages servicePages;
  private final SchedulePages schedulePages;
  private final WebhookPages webhookPages;
  private final RouteDialogs routeDialogs;
  private final List<Dialogs> dialogs;
  private final LiveFeed feed;

  /** The dashboard of an engine. */
  public DashboardPages(
      ShieldEngine engine, EngineInternals internals, AdminAccess api, Streams streams) {
    this.engine = engine;
    this.api = api;
    this.clock = internals.clock();
    this.signIn = new SignInPages(api, page);
    this.notices = new Notices(engine, internals);
    RouteTable table = new RouteTable(engine);
    this.routes = new RoutesView(table);
    Traffic traffic = new Traffic(engine, internals.meters());
    this.routePages = new RoutePages(engine, api, table, traffic);
    this.auditPages = new AuditPages(api);
    this.limitPages = new LimitPages(engine, api, table);
    this.servicePages = new ServicePages(engine, internals.meters(), table);
    this.schedulePages = new SchedulePages(api);
    this.webhookPages = new WebhookPages(api);
    this.palette = new Palette(table);
    this.routeDialogs = new RouteDialogs(engine, api, clock, traffic);
    this.dialogs =
        List.of(
            routeDialogs,
            new ModeDialogs(engine, api, traffic),
            new LimitDialogs(engine, api),
            new WideLimitDialogs(engine, api),
            new WebhookDialogs(engine, api),
            new StoreDialogs(engine, api));
    this.feed = new LiveFeed(engine, api, streams, new LiveEvents(engine, table, notices, clock));
  }

  /** Adds the pages to the API's router. */
  public void mount(Router router) {
    router.get().handler(this::fromRoot);
    router.get("/dashboard").handler(ctx -> Page.redirect(ctx, below(ctx)));
    assets.mount(router, PREFIX);
    router.get(PREFIX + "sign-in").handler(guarded(signIn::ask));
    Handler<RoutingContext> anybodys = guarded(ctx -> read(ctx, false));
    Handler<RoutingContext> visitors = forVisitors((ctx, visitor) -> read(ctx, true));
    router.post(PREFIX + "sign-in").handler(anybodys).handler(guarded(signIn::signIn));
    router.post(PREFIX + "sign-out").handler(anybodys).handler(guarded(signIn::signOut));
    router.get(PREFIX + "routes").handler(forVisitors(this::routes));
    router.get(PREFIX + "route").handler(forVisitors(this::route));
    router.get(PREFIX + "audit").handler(forVisitors(this::audit));
    router.get(PREFIX + "limits").handler(forVisitors(this::limits));
    router.get(PREFIX + "services").handler(forVisitors(this::services));
    router.get(PREFIX + "schedule").handler(forVisitors(this::schedule));
    router.get(PREFIX + "webhooks").handler(forVisitors(this::webhooks));
    router.get(PREFIX + "store").handler(forVisitors(this::store));
    router.get(PREFIX + "palette").handler(forVisitors(this::palette));
    router.get(PREFIX + "events").handler(forVisitors(this::events));
    router.post(PREFIX + "dialog").handler(visitors).handler(forVisitors(this::ask));
    router.post(PREFIX + "act").handler(visitors).handler(forVisitors(this::act));
    router.post(PREFIX + "undo").handler(visitors).handler(forVisitors(this::undo));
    router.get(PREFIX + ":page").handler(guarded(this::noSuchPage));
  }

  private Future<Void> noSuchPage(RoutingContext ctx) {
    page.problem(ctx, 404, "There is no such page", "The dashboard has none at this address.");
    return Future.succeededFuture();
  }

  /** Browsers are sent to the pages; for everybody else the API's root stays what it is. */
  private void fromRoot(RoutingContext ctx) {
    String path = ctx.request().path();
    String mount = ctx.mountPoint();
    boolean root = bare(path).equals(mount == null ? "" : bare(mount));
    String accept = root ? ctx.request().getHeader("Accept") : null;
    if (accept != null && accept.contains("text/html")) {
      String last = path.substring(path.lastIndexOf('/') + 1);
      Page.redirect(ctx, (last.isEmpty() ? "" : last + "/") + "dashboard/routes");
    } else {
      ctx.next();
    }
  }

  private static String bare(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static String below(RoutingContext ctx) {
    return ctx.request().path().endsWith("/") ? "routes" : "dashboard/routes";
  }

  private interface Action {
    Future<Void> answer(RoutingContext ctx);
  }

  private interface VisitorAction {
    Future<Void> answer(RoutingContext ctx, Visitor visitor);
  }

  private Handler<RoutingContext> guarded(Action action) {
    return ctx -> {
      Page.protect(ctx.response());
      Future.<Void>succeededFuture()
          .compose(v -> action.answer(ctx))
          .onFailure(failure -> failed(ctx, failure));
    };
  }

  private void failed(RoutingContext ctx, Throwable failure) {
    if (failure instanceof StoreUnreachableException) {
      page.problem(ctx, 503, "Not yet", String.valueOf(failure.getMessage()));
    } else if (failure instanceof ShieldException) {
      int status = failure instanceof InvalidValueException ? 400 : 404;
      page.problem(ctx, status, "That did not work", String.valueOf(failure.getMessage()));
    } else {
      ctx.fail(failure);
    }
  }

  private Handler<RoutingContext> forVisitors(VisitorAction action) {
    return guarded(
        ctx -> {
          ctx.request().pause();
          return api.visitor(ctx)
              .compose(
                  visitor -> {
                    if (visitor != null) {
                      return action.answer(ctx, visitor);
                    }
                    SignInPages.signedOut(ctx);
                    return Future.succeededFuture();
                  })
              .onComplete(v -> ctx.request().resume());
        });
  }

  /** A body is read only after its sender was judged. */
  private Future<Void> read(RoutingContext ctx, boolean signedIn) {
    api.readBody(ctx, signedIn);
    return Future.succeededFuture();
  }

  static Form form(RoutingContext ctx) {
    Buffer body = ctx.body() == null ? null : ctx.body().buffer();
    return Form.parse(body == null ? "" : body.toString(StandardCharsets.UTF_8));
  }

  private static Form query(RoutingContext ctx) {
    String query = ctx.request().query();
    return Form.parse(query == null ? "" : query);
  }

  private Shell shell(RoutingContext ctx, Visitor visitor, String title, String name, String key) {
    String uri = ctx.request().uri();
    String query = uri.indexOf('?') < 0 ? "" : uri.substring(uri.indexOf('?'));
    String service = engine.site().service();
    return new Shell(
        title,
        name + query,
        visitor.name(),
        visitor.role(),
        visitor.mayChange(),
        api.hasCredentials(),
        Page.theme(ctx),
        assets.path(),
        "events?page="
            + name
            + "&key="
            + URLEncoder.encode(key, StandardCharsets.UTF_8)
            + "&seen="
            + URLEncoder.encode(LiveEvents.name(engine.snapshot().head()), StandardCharsets.UTF_8),
        POLLED.contains(name),
        (service == null ? "" : service + " · ") + engine.site().environment(),
        notices.now());
  }

  private Future<Void> routes(RoutingContext ctx, Visitor visitor) {
    Shell shell = shell(ctx, visitor, "Routes", "routes", "");
    Form query = query(ctx);
    return Page.sendLarge(
        ctx,
        () -> {
          RoutesPage shown = routes.page(query, clock.instant());
          Shell live = shell.showing(LiveEvents.Scope.names(shown.rows()));
          return out -> JteroutesGenerated.render(out, Templates.PLAIN, live, shown);
        });
  }

  /** Sends a page once what it shows is known. */
  private <T> Future<Void> send(
      RoutingContext ctx, Future<T> content, BiConsumer<HtmlTemplateOutput, T> template) {
    return content.map(
        shown -> {
          page.send(ctx, 200, out -> template.accept(out, shown));
          return null;
        });
  }

  private Future<Void> route(RoutingContext ctx, Visitor visitor) {
    String key = query(ctx).value("key");
    Shell shell = shell(ctx, visitor, key, "route", key);
    return send(
        ctx,
        routePages.page(ctx, key, clock.instant()),
        (out, shown) -> JterouteGenerated.render(out, Templates.PLAIN, shell, shown));
  }

  private Future<Void> audit(RoutingContext ctx, Visitor visitor) {
    Shell shell = shell(ctx, visitor, "Audit", "audit", "");
    return send(
        ctx,
        auditPages.page(ctx, query(ctx), clock.instant()),
        (out, shown) -> JteauditGenerated.render(out, Templates.PLAIN, shell, shown));
  }

  private Future<Void> limits(RoutingContext ctx, Visitor visitor) {
    Shell shell = shell(ctx, visitor, "Rate limits", "limits", "");
    return send(
        ctx,
        limitPages.page(ctx, query(ctx), clock.instant()),
        (out, shown) -> JtelimitsGenerated.render(out, Templates.PLAIN, shell, shown));
  }

  private Future<Void> services(RoutingContext ctx, Visitor visitor) {
    Shell shell = shell(ctx, visitor, "Services", "services", "");
    return api.call(ctx, ApiCall.get("/api/clients").with("limit", MOST_CLIENTS))
        .compose(
            clients ->
                Page.sendLarge(
                    ctx,
                    () -> {
                      ServicesPage shown = servicePages.services(clients.json(), clock.instant());
                      return out -> JteservicesGenerated.render(out, Templates.PLAIN, shell, shown);
                    }));
  }

  private Future<Void> schedule(RoutingContext ctx, Visitor visitor) {
    Shell shell = shell(ctx, visitor, "Schedule", "schedule", "");
    return send(
        ctx,
        schedulePages.page(ctx, query(ctx), clock.instant()),
        (out, shown) -> JtescheduleGenerated.render(out, Templates.PLAIN, shell, shown));
  }

  private Future<Void> webhooks(RoutingContext ctx, Visitor visitor) {
    Shell shell = shell(ctx, visitor, "Webhooks", "webhooks", "");
    return send(
        ctx,
        webhookPages.page(ctx, visitor, query(ctx), clock.instant()),
        (out, shown) -> JtewebhooksGenerated.render(out, Templates.PLAIN, shell, shown));
  }

  private Future<Void> store(RoutingContext ctx, Visitor visitor) {
    Shell shell = shell(ctx, visitor, "Store", "store", "");
    page.send(
        ctx,
        200,
        out -> JtestoreGenerated.render(out, Templates.PLAIN, shell, servicePages.store(visitor)));
    return Future.succeededFuture();
  }

  private Future<Void> palette(RoutingContext ctx, Visitor visitor) {
    String wanted = query(ctx).value("q");
    return Page.sendLarge(
        ctx,
        () -> {
          List<PaletteItem> found = palette.find(wanted, visitor.mayChange());
          return out -> JtepaletteGenerated.render(out, Templates.PLAIN, found);
        });
  }

  private Future<Void> events(RoutingContext ctx, Visitor visitor) {
    Form query = query(ctx);
    String last = ctx.request().getHeader("Last-Event-ID");
    feed.open(
        ctx,
        visitor,
        new LiveEvents.Scope(
            query.value("page"),
            query.value("key"),
            LiveEvents.Scope.rows(query.value("rows")),
            visitor.mayChange()),
        last == null ? query.value("seen") : last);
    return Future.succeededFuture();
  }

  private Future<Void> ask(RoutingContext ctx, Visitor visitor) {
    Form form = form(ctx);
    String act = form.value("act");
    int space = act.indexOf(' ');
    String action = space < 0 ? act : act.substring(0, space);
    List<String> keys = space < 0 ? form.all("key") : List.of(act.substring(space + 1));
    if (action.equals("choose") && keys.size() == 1) {
      var choice = routeDialogs.choice(keys.get(0));
      page.send(ctx, 200, out -> JtechoiceGenerated.render(out, Templates.PLAIN, choice));
      return Future.succeededFuture();
    }
    show(ctx, Outcome.ask(200, dialogs(action).ask(action, keys)));
    return Future.succeededFuture();
  }

  private Dialogs dialogs(String action) {
    return dialogs.stream()
        .filter(each -> each.handles(action))
        .findFirst()
        .orElseThrow(() -> new InvalidValueException("act", action, "an action of this page"));
  }

  private Future<Void> act(RoutingContext ctx, Visitor visitor) {
    Form form = form(ctx);
    String action = form.value("act");
    return dialogs(action)
        .act(ctx, action, form)
        .map(
            outcome -> {
              show(ctx, outcome);
              return null;
            });
  }

  private Future<Void> undo(RoutingContext ctx, Visitor visitor) {
    return api.call(ctx, Undo.read(form(ctx).raw("undo")))
        .map(
            reply -> {
              String said = reply.isOk() ? "Undone" : "Not undone: " + reply.error();
              show(ctx, Outcome.done(Outcome.toast(said, reply, "")));
              return null;
            });
  }

  private void show(RoutingContext ctx, Outcome outcome) {
    Dialog dialog = outcome.dialog();
    Toast toast = outcome.toast();
    page.send(
        ctx,
        outcome.status(),
        out -> {
          if (dialog != null) {
            JtedialogGenerated.render(out, Templates.PLAIN, dialog);
          }
          if (toast != null) {
            JtetoastGenerated.render(out, Templates.PLAIN, toast);
          }
        });
  }
}
