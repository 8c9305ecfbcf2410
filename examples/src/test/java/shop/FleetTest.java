package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shield.admin.ShieldServer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** The same shop with other configurations: in a cluster, and under a Shield Server. */
class FleetTest {
  private static final String ITEM = "GET:/catalogue/items/:id";

  private static boolean refuses(RunningShop shop) {
    try {
      return shop.get("/catalogue/items/7").status() == 503;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Disables a route, unless the store cannot be changed yet or does not know the route yet. */
  private static boolean isDisabled(int port, String route) {
    try {
      String target = "/api/routes/disable?path=" + route;
      return RunningShop.send("POST", port, target, "{\"reason\": \"recount\"}").status() == 200;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void membersOfAClusterShareTheirState() throws Exception {
    try (RunningShop one = RunningShop.start("clustered.json", null, "-cluster");
        RunningShop other = RunningShop.start("clustered.json", null, "-cluster")) {
      // The first was alone at its start, and a member alone changes nothing.
      RunningShop.until(() -> isDisabled(one.adminPort, ITEM));
      assertEquals(503, one.get("/catalogue/items/7").status());
      RunningShop.until(() -> refuses(other));
    }
  }

  @Test
  void aServerControlsTheService() throws Exception {
    Vertx vertx = Vertx.vertx();
    int port = RunningShop.freePort();
    JsonObject config =
        new JsonObject()
            .put("engine", new JsonObject().put("backend", "memory"))
            .put("admin", new JsonObject().put("port", port));
    RunningShop.await(
        vertx.deployVerticle(
            ShieldServer.class.getName(), new DeploymentOptions().setConfig(config)));
    JsonObject settings = new JsonObject().put("SHIELD_SERVER_URL", "http://localhost:" + port);
    JsonObject over = new JsonObject().put("engine", new JsonObject().put("settings", settings));
    try (RunningShop shop = RunningShop.start("service.json", over)) {
      assertEquals(200, shop.get("/catalogue/items/7").status());
      RunningShop.until(() -> isDisabled(port, "shop:" + ITEM));
      RunningShop.until(() -> refuses(shop));
    } finally {
      RunningShop.await(vertx.close());
    }
  }
}
