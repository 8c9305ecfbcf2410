package shop;

import io.shield.ShieldVerticle;
import io.shield.admin.AdminVerticle;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;

/**
 * What the launcher starts: one engine, several instances of the HTTP server that share it, and the
 * admin API on a port of its own where the configuration has one.
 */
public class Shop extends VerticleBase {
  @Override
  public Future<?> start() {
    return configuration().compose(this::deployAll);
  }

  /** A file, and over it what the launcher was given with --conf. */
  private Future<JsonObject> configuration() {
    JsonObject path = new JsonObject().put("path", config().getString("file", "conf/shop.json"));
    return ConfigRetriever.create(
            vertx,
            new ConfigRetrieverOptions()
                .addStore(new ConfigStoreOptions().setType("file").setConfig(path))
                .addStore(new ConfigStoreOptions().setType("json").setConfig(config())))
        .getConfig();
  }

  private Future<?> deployAll(JsonObject config) {
    JsonObject web = config.getJsonObject("web");
    return deploy(ShieldVerticle.class, config.getJsonObject("engine"), 1)
        .compose(id -> deploy(Web.class, web, web.getInteger("instances")))
        .compose(
            id ->
                config.containsKey("admin")
                    ? deploy(AdminVerticle.class, config.getJsonObject("admin"), 1)
                    : Future.succeededFuture());
  }

  private Future<String> deploy(Class<?> verticle, JsonObject config, int instances) {
    DeploymentOptions options = new DeploymentOptions().setConfig(config).setInstances(instances);
    return vertx.deployVerticle(verticle.getName(), options);
  }
}
