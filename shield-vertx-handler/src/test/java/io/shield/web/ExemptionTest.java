package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.shield.RouteAction;
import io.shield.fixtures.ErrorStream;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authorization.RoleBasedAuthorization;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SimpleAuthenticationHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who passes a closed gate. */
class ExemptionTest extends WebTest {
  private final ShieldHandlerOptions options = new ShieldHandlerOptions();

  /** A closed route with exemptions behind the router's handler. */
  private TestApp closed(Function<ShieldRoute, ShieldRoute> exemptions) {
    TestApp app = guarded(options);
    exemptions
        .apply(Shield.on(app.router().get("/x")).maintenance("upgrade"))
        .handler(app.named("x"));
    return app.start();
  }

  /** A closed route for testers, with a guard behind authentication. */
  private TestApp closedBehindAuthentication(User user) {
    TestApp app = bare();
    SimpleAuthenticationHandler authentication =
        SimpleAuthenticationHandler.create().authenticate(ctx -> Future.succeededFuture(user));
    Shield.on(app.router().get("/x"))
        .maintenance("upgrade")
        .allowRoles("tester", "admin")
        .route()
        .handler(authentication)
        .handler(ShieldHandler.guard(app.engine(), options))
        .handler(app.named("x"));
    return app.start();
  }

  private static User user(JsonObject principal) {
    return User.create(principal);
  }

  @Test
  void aRoleThatAnAuthorizationProviderFound() {
    User tester = User.fromName("tess");
    tester.authorizations().put("p", Set.of(RoleBasedAuthorization.create("tester")));
    assertThat(closedBehindAuthentication(tester).get("/x").status()).isEqualTo(200);
  }

  @Test
  void aRoleThatTheTokenHolds() {
    JsonObject principal = new JsonObject().put("roles", new JsonArray().add("x").add("admin"));
    assertThat(closedBehindAuthentication(user(principal)).get("/x").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"roles\": []}",
        "{\"roles\": [\"other\"]}",
        "{\"roles\": \"tester\"}",
        "{\"roles\": [\"Tester\", \"tester \", 1, null]}",
        "{\"roles\": {\"tester\": true}}",
        "{\"role\": \"tester\"}"
      })
  void anyOtherUserIsRefused(String principal) {
    TestApp app = closedBehindAuthentication(user(new JsonObject(principal)));
    assertThat(app.get("/x").code()).isEqualTo("MAINTENANCE_MODE");
    assertThat(app.engine().errors()).isZero();
  }

  @Test
  void theIdentityOptionTellsRolesBeforeAuthentication() {
    options.setIdentity(
        ctx -> Identity.of("tess", ctx.request().getHeader("X-Roles").split(",", -1)));
    TestApp app = closed(route -> route.allowRoles("tester", "admin"));
    assertThat(app.get("/x", "X-Roles: other,tester").status()).isEqualTo(200);
    assertThat(app.get("/x", "X-Roles: other").status()).isEqualTo(503);
    assertThat(app.get("/x").status()).as("the identity function throws").isEqualTo(503);
    assertThat(app.engine().errors()).isZero();
  }

  @Test
  void theIdentityOptionGoesBeforeTheAuthenticatedUser() {
    User tester = User.fromName("tess");
    tester.authorizations().put("p", Set.of(RoleBasedAuthorization.create("tester")));
    options.setIdentity(ctx -> Identity.of("nobody"));
    assertThat(closedBehindAuthentication(tester).get("/x").status()).isEqualTo(503);
  }

  @Test
  void anIdentityThatIsUnknownOrFailsExemptsNobody() {
    List<Function<RoutingContext, Identity>> sources =
        List.of(
            ctx -> null,
            ctx -> Identity.UNKNOWN,
            ctx -> {
              throw new IllegalStateException("on purpose");
            },
            ctx -> {
              throw new AssertionError("on purpose");
            },
            ctx -> {
              throw new NoClassDefFoundError("on purpose");
            });
    for (Function<RoutingContext, Identity> source : sources) {
      options.setIdentity(source);
      TestApp app = closed(route -> route.allowRoles("tester"));
      assertThat(app.get("/x").code()).isEqualTo("MAINTENANCE_MODE");
      assertThat(app.ran()).isEmpty();
      assertThat(app.engine().errors()).isZero();
    }
  }

  @Test
  void aFailingIdentityLeavesExemptAddressesExempt() {
    options.setIdentity(
        ctx -> {
          throw new AssertionError("on purpose");
        });
    TestApp app = closed(route -> route.allowRoles("tester").allowIps("127.0.0.1"));
    assertThat(app.get("/x").status()).isEqualTo(200);
  }

  @Test
  void theIdentityIsAskedOncePerRequestAndOnlyIfItMatters() {
    AtomicInteger asked = new AtomicInteger();
    options.setIdentity(
        ctx -> {
          asked.incrementAndGet();
          return Identity.of("tess");
        });
    TestApp app = closed(route -> route.allowRoles("a", "b", "c").canary(1));
    app.get("/x");
    assertThat(asked).hasValue(1);
    app.enable("/x");
    app.get("/x");
    app.get("/unknown");
    assertThat(asked).hasValue(1);
  }

  @Test
  void exemptAddresses() {
    TestApp app = closed(route -> route.allowIps("10.0.0.0/8", "127.0.0.0/8"));
    assertThat(app.get("/x").status()).isEqualTo(200);
    app = closed(route -> route.allowIps("127.0.0.2", "::1"));
    assertThat(app.get("/x").status()).isEqualTo(503);
    assertThat(app.get("/x", "X-Forwarded-For: 127.0.0.2").status())
        .as("anybody can say so")
        .isEqualTo(503);
    assertThat(app.get("/x", "Forwarded: for=127.0.0.2").status()).isEqualTo(503);
  }

  @Test
  void rolesThatNobodyCanHaveYetAreWarnedOfOnce() {
    try (ErrorStream log = new ErrorStream()) {
      TestApp app = closed(route -> route.allowRoles("tester"));
      app.enable("/x");
      app.get("/x");
      assertThat(log.lines("identity option")).as("an open route needs no roles").isEmpty();
      app.disable("/x");
      for (int i = 0; i < 5; i++) {
        assertThat(app.get("/x").status()).isEqualTo(503);
      }
      assertThat(log.lines("identity option")).hasSize(1);
      assertThat(log.lines("identity option").get(0)).contains("WARN", "/x", "ShieldHandler.guard");
    }
  }

  @Test
  void rolesThatCanBeKnownAreNotWarnedOf() {
    try (ErrorStream log = new ErrorStream()) {
      closedBehindAuthentication(User.fromName("tess")).get("/x");
      options.setIdentity(ctx -> null);
      closed(route -> route.allowRoles("tester")).get("/x");
      assertThat(log.lines("identity option")).isEmpty();
    }
  }

  @Test
  void anExemptAddressOfVersion6() throws IOException {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    assumeThat(NetworkInterface.getByInetAddress(InetAddress.getByAddress(loopback)))
        .as("IPv6 on this machine")
        .isNotNull();
    TestApp app = closed(route -> route.allowIps("::1/128"));
    assertThat(app.get("/x").status()).isEqualTo(503);
    HttpServer server =
        TestApp.await(
            vertx
                .createHttpServer()
                .requestHandler(app.router())
                .listen(SocketAddress.inetSocketAddress(0, "::1")));
    RawClient client = closing(RawClient.ofVersion6(server.actualPort()));
    assertThat(client.send("GET", "/x").status()).isEqualTo(200);
    TestApp.await(server.close());
  }

  @Test
  void aCanaryLetsTheSameCallersPass() {
    options.setApiKeyHeader("X-Shop-Key");
    TestApp app = closed(route -> route.canary(50));
    List<String> passed = passing(app);
    assertThat(passed.size()).isBetween(20, 80);
    assertThat(passing(app)).isEqualTo(passed);
    app.apply("/x", new RouteAction.Canary(70, ""));
    assertThat(passing(app)).as("raising it drops nobody").containsAll(passed);
    app.apply("/x", new RouteAction.Canary(100, ""));
    assertThat(passing(app)).hasSize(100);
    app.apply("/x", new RouteAction.Canary(0, ""));
    assertThat(passing(app)).isEmpty();
  }

  @Test
  void aCanaryIsTheSameOnEveryInstance() {
    options.setApiKeyHeader("X-Shop-Key");
    List<String> one = passing(closed(route -> route.canary(50)));
    assertThat(passing(closed(route -> route.canary(50)))).isEqualTo(one);
  }

  private static List<String> passing(TestApp app) {
    List<String> passed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      if (app.get("/x", "X-Shop-Key: key-" + i).status() == 200) {
        passed.add("key-" + i);
      }
    }
    return passed;
  }

  @Test
  void theDefaultHeaderOfAnApiKeyIsUsedForTheCanary() {
    TestApp app = closed(route -> route.canary(50));
    long passed = 0;
    for (int i = 0; i < 50; i++) {
      passed += app.get("/x", "X-API-Key: key-" + i).status() == 200 ? 1 : 0;
    }
    assertThat(passed).isBetween(1L, 49L);
    int other = app.get("/x", "X-Shop-Key: 1").status();
    for (int i = 0; i < 20; i++) {
      assertThat(app.get("/x", "X-Shop-Key: " + i).status())
          .as("the address decides, which is always the same")
          .isEqualTo(other);
    }
  }

  @Test
  void theUserGoesBeforeTheApiKey() {
    options.setIdentity(ctx -> Identity.of(ctx.request().getHeader("X-User")));
    TestApp app = closed(route -> route.canary(50));
    for (int i = 0; i < 10; i++) {
      int first = app.get("/x", "X-User: u" + i).status();
      for (int j = 0; j < 5; j++) {
        assertThat(app.get("/x", "X-User: u" + i, "X-API-Key: " + j).status()).isEqualTo(first);
      }
    }
  }

  @Test
  void exemptionsDoNotOpenTheFleetsMaintenance() {
    TestApp app = closed(route -> route.allowIps("127.0.0.1").canary(100));
    assertThat(app.get("/x").status()).isEqualTo(200);
    TestApp.await(app.engine().maintenance().enableGlobal(TestApp.ALICE, "all"));
    assertThat(app.get("/x").status()).isEqualTo(503);
  }

  @Test
  void exemptionsOpenADisabledAndAnEnvironmentsGateToo() {
    TestApp app = closed(route -> route.allowIps("127.0.0.1"));
    app.disable("/x");
    assertThat(app.get("/x").status()).isEqualTo(200);
    app.apply("/x", new RouteAction.EnvGate(List.of("dev"), null, null));
    assertThat(app.get("/x").status()).isEqualTo(200);
  }
}
