package io.shield.admin;

import static io.shield.admin.RunningAdmin.HASH;
import static io.shield.admin.RunningAdmin.KEY;
import static io.shield.admin.RunningAdmin.PASSWORD;
import static io.shield.admin.RunningAdmin.await;
import static io.shield.admin.RunningAdmin.credentials;
import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldEngine;
import io.shield.ShieldVerticle;
import io.shield.backend.redis.RedisProcess;
import io.shield.error.ShieldException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.launcher.application.HookContext;
import io.vertx.launcher.application.VertxApplication;
import io.vertx.launcher.application.VertxApplicationHooks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Verticles that are deployed by the names of their classes, with a configuration in JSON. */
class DeployedByNameTest {
  private static final JsonObject IN_MEMORY = new JsonObject().put("backend", "memory");

  private final Vertx vertx = Vertx.vertx();
  private int port;

  @BeforeEach
  void choosePort() throws IOException {
    port = RedisProcess.freePort();
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private JsonObject admin() {
    return new JsonObject().put("host", "127.0.0.1").put("port", port);
  }

  private String deploy(Class<?> verticle, JsonObject config) {
    return deploy(verticle, config, 1);
  }

  private String deploy(Class<?> verticle, JsonObject config, int instances) {
    return await(
        vertx.deployVerticle(
            verticle.getName(), new DeploymentOptions().setConfig(config).setInstances(instances)));
  }

  private HttpResponse<String> get(String target, String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target));
    return RunningAdmin.send(token == null ? request : request.header("X-Shield-Token", token));
  }

  private void assertServes() {
    assertThat(get("/health/ready", null).statusCode()).isEqualTo(200);
  }

  @Test
  void anApiFindsTheEngineThatAnotherVerticleStarted() {
    deploy(ShieldVerticle.class, IN_MEMORY.copy().put("name", "payments"));
    String api =
        deploy(
            AdminVerticle.class, new JsonObject().put("engine", "payments").put("admin", admin()));
    assertServes();
    await(vertx.undeploy(api));
    await(ShieldEngine.get(vertx, "payments").close());
  }

  @Test
  void anApiStartsAnEngineOfItsOwnAndClosesIt() {
    JsonObject config = new JsonObject().put("engine", IN_MEMORY).put("admin", admin());
    String api = deploy(AdminVerticle.class, config);
    assertServes();
    await(vertx.undeploy(api));
    assertThatThrownBy(() -> ShieldEngine.get(vertx, "shield")).isInstanceOf(ShieldException.class);
    deploy(AdminVerticle.class, config);
    assertServes();
  }

  @Test
  void aServerTakesItsStoreAndItsPort() {
    JsonObject config =
        new JsonObject().put("engine", IN_MEMORY.copy().put("name", "plane")).put("admin", admin());
    deploy(ShieldServer.class, config, 2);
    assertServes();
    await(ShieldEngine.get(vertx, "plane").close());
  }

  @Test
  void severalInstancesNeedOneKey() {
    deploy(ShieldVerticle.class, IN_MEMORY);
    JsonObject admin =
        admin()
            .put(
                "accounts",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("username", "ann")
                            .put("passwordHash", HASH)
                            .put("role", "admin")));
    JsonObject config = new JsonObject().put("admin", admin);
    assertThatThrownBy(() -> deploy(AdminVerticle.class, config, 2))
        .hasMessageContainingAll("secretKey", "several instances");

    admin.put("secretKey", KEY);
    deploy(AdminVerticle.class, config, 2);
    HttpRequest.Builder login =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/auth/login"))
            .POST(BodyPublishers.ofString(credentials("ann", PASSWORD)));
    String token = json(RunningAdmin.send(login)).get("token").textValue();
    for (int i = 0; i < 4; i++) {
      // Each with a connection of its own, which another instance may take.
      assertThat(get("/api/routes", token).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AdminVerticle | {'prot': 1}                          | 'prot' | one of engine, admin",
        "AdminVerticle | {'enigne': 'shield'}                 | 'enigne' | did you mean engine?",
        "AdminVerticle | {'admin': {'prot': 1}}               | admin: options: 'prot' | did you mean port?",
        "AdminVerticle | {'engine': {'bakend': 'file'}}       | engine: options: 'bakend' | did you mean backend?",
        "AdminVerticle | {'engine': 7}                        | engine: '7' | an object",
        "AdminVerticle | {'admin': 'localhost'}               | admin: 'localhost' | an object",
        "AdminVerticle | {'admin': {'port': '80'}}            | admin: port: '80' | a whole number",
        "AdminVerticle | {'admin': {'secretKey': 1234567890}} | admin: secretKey: 'another value' | a string",
        "AdminVerticle | {'admin': {'users': [{'name': 'a'}]}} | 'name' | one of username, password, role",
        "AdminVerticle | {'engine': 'orders'}                 | 'orders' | started here: none",
        "ShieldServer  | {'engine': 'orders'}                 | engine: 'orders' | an object",
        "ShieldServer  | {'adnim': {}}                        | 'adnim' | did you mean admin?",
      })
  void whatIsWrongIsNamed(String verticle, String config, String what, String allowed) {
    assertThatThrownBy(
            () ->
                await(
                    vertx.deployVerticle(
                        "io.shield.admin." + verticle,
                        new DeploymentOptions()
                            .setConfig(new JsonObject(config.replace('\'', '"'))))))
        .hasMessageContainingAll(what, allowed)
        .hasMessageNotContaining("1234567890");
  }

  /** The launcher, without its end of the process. */
  private static final class Launcher extends VertxApplication implements VertxApplicationHooks {
    private Vertx started;

    Launcher(String... arguments) {
      super(arguments, null, false, false);
    }

    @Override
    public void afterVertxStarted(HookContext context) {
      started = context.vertx();
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {AdminVerticle.class, ShieldServer.class})
  void theLauncherOfVertxStartsIt(Class<?> verticle) {
    JsonObject config = new JsonObject().put("engine", IN_MEMORY).put("admin", admin());
    Launcher launcher = new Launcher(verticle.getName(), "--conf", config.encode());
    try {
      assertThat(launcher.launch()).isZero();
      assertServes();
    } finally {
      await(launcher.started.close());
    }
  }

  @Test
  void theLauncherStartsAnEngine() {
    String config = IN_MEMORY.copy().put("name", "orders").encode();
    Launcher launcher = new Launcher(ShieldVerticle.class.getName(), "--conf", config);
    try {
      assertThat(launcher.launch()).isZero();
      await(ShieldEngine.get(launcher.started, "orders").close());
    } finally {
      await(launcher.started.close());
    }
  }
}
