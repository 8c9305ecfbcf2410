package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shield.admin.ShieldServer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import shop.RunningShop.Answer;

/** The same shop with other configurations: in a cluster, and under a Shield Server. */
class FleetTest {
  private static boolean refuses(RunningShop shop) {
    try {
      return shop.get("/catalogue/items/7").status() == 503;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isDisabledBy(RunningShop shop) {
    try {
      shop.change("disable", "GET:/catalogue/items/:id", "recount");
      return true;
    } catch (AssertionError notYet) {
      return false;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void membersOfAClusterShareTheirState() throws Exception {
    try (RunningShop one = RunningShop.start("clustered.json", null, "-cluster");
        RunningShop other = RunningShop.start("clustered.json", null, "-cluster")) {
      // The first was alone at its start, and a member alone changes nothing.
      RunningShop.until(() -> isDisabledBy(one));
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
      Answer done =
          RunningShop.send(
              "POST",
              port,
              "/api/routes/disable?path=shop:GET:/catalogue/items/:id",
              "{\"reason\": \"recount\"}");
      assertEquals(200, done.status(), done.body());
      RunningShop.until(() -> refuses(shop));
    } finally {
      RunningShop.await(vertx.close());
    }
  }
}
