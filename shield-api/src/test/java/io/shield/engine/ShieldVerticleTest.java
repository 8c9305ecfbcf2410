package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.ShieldVerticle;
import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** An engine that is deployed. */
class ShieldVerticleTest extends EngineTest {
  private final ScriptedBackend backend = new ScriptedBackend();

  @Test
  void anInstanceStartsAndClosesAnEngine() {
    ShieldOptions options = on(backend);
    String id = await(vertx.deployVerticle(new ShieldVerticle(options)));
    ShieldEngine engine = ShieldEngine.get(vertx, options.getName());
    register(engine, "GET:/a");
    await(engine.close());
    await(vertx.undeploy(id));
    assertThat(backend.shutdown.count()).isEqualTo(1);
    assertThatThrownBy(() -> ShieldEngine.get(vertx, options.getName()))
        .isInstanceOf(ShieldException.class);
  }

  @Test
  void anEngineThatSomebodyHoldsSurvivesTheUndeployment() {
    ShieldOptions options = on(backend);
    String id = await(vertx.deployVerticle(new ShieldVerticle(options)));
    ShieldEngine engine = ShieldEngine.get(vertx, options.getName());
    await(vertx.undeploy(id));
    register(engine, "GET:/a");
    await(engine.close());
    assertThat(backend.shutdown.count()).isEqualTo(1);
  }

  @Test
  void aClassNameTakesItsOptionsFromTheDeployment() {
    JsonObject config =
        new ShieldOptions()
            .setName("deployed")
            .setBackend("memory")
            .setEnvironment("staging")
            .setService("billing")
            .toJson();
    String id =
        await(
            vertx.deployVerticle(
                ShieldVerticle.class.getName(), new DeploymentOptions().setConfig(config)));
    ShieldEngine engine = ShieldEngine.get(vertx, "deployed");
    assertThat(engine.site().environment()).isEqualTo("staging");
    assertThat(engine.site().service()).isEqualTo("billing");
    await(engine.close());
    await(vertx.undeploy(id));
  }

  @Test
  void badConfigurationFailsTheDeployment() {
    DeploymentOptions unknown =
        new DeploymentOptions().setConfig(new JsonObject().put("colour", "red"));
    assertThat(failureOf(vertx.deployVerticle(ShieldVerticle.class.getName(), unknown)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("'colour'");
    DeploymentOptions noSuchBackend =
        new DeploymentOptions().setConfig(new JsonObject().put("backend", "floppy"));
    assertThat(failureOf(vertx.deployVerticle(ShieldVerticle.class.getName(), noSuchBackend)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("SHIELD_BACKEND", "'floppy'", "custom, memory");
  }
}
