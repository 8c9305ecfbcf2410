package io.shield.admin;

import static io.shield.admin.RunningAdmin.await;
import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.RateLimitPolicy;
import io.shield.model.audit.Actor;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A service's client loads what it has to enforce, and nothing of other services. */
class ServiceViewTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  private static RunningAdmin admin;
  private static String sdk;
  private static String viewer;

  @BeforeAll
  static void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    admin.register("shop:GET:/pay", "shop:/cart", "other:GET:/pay");
    var engine = admin.engine;
    await(engine.maintenance().enableGlobal(ALICE, "deploy"));
    await(engine.maintenance().enableService("shop", ALICE, "db"));
    await(engine.maintenance().enableService("other", ALICE, "secret"));
    var limits = engine.rateLimits();
    await(limits.global().set(GlobalRateLimitPolicy.of("1000/minute"), ALICE));
    await(limits.service("shop").set(GlobalRateLimitPolicy.of("500/minute"), ALICE));
    await(limits.set(RateLimitPolicy.of("GET", "shop:GET:/pay", "5/minute"), ALICE));
    await(limits.set(RateLimitPolicy.of("GET", "other:GET:/pay", "7/minute"), ALICE));
    HttpRequest.Builder login =
        admin
            .request(
                "POST", "/api/auth/login", RunningAdmin.credentials("sdk", RunningAdmin.PASSWORD))
            .header("X-Shield-App-Id", "shop");
    sdk = json(RunningAdmin.send(login)).get("token").textValue();
    viewer = admin.token("viewer");
  }

  @AfterAll
  static void stop() {
    admin.close();
  }

  private static HttpResponse<String> get(String token, String target, String app) {
    HttpRequest.Builder request =
        admin.request("GET", target, null).header("X-Shield-Token", token);
    return RunningAdmin.send(app == null ? request : request.header("X-Shield-App-Id", app));
  }

  private static List<String> paths(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode all = json(answer);
    return IntStream.range(0, all.size())
        .mapToObj(i -> all.get(i).get("path").textValue())
        .toList();
  }

  @Test
  void withItsNameItGetsTheReservedStates() {
    HttpResponse<String> answer = get(sdk, "/api/routes?service=shop", "shop");
    assertThat(paths(answer))
        .containsExactlyInAnyOrder(
            "__shield:global__",
            "__shield:svc_global:shop__",
            "__shield:global_rl__",
            "__shield:svc_rl:shop__",
            "shop:GET:/pay",
            "shop:/cart");
    assertThat(answer.headers().firstValue("X-Total-Count")).contains("6");
    JsonNode global = json(answer).get(0);
    assertThat(global.get("status").textValue()).isEqualTo("active");
    assertThat(global.get("reason").textValue())
        .contains("\"enabled\":true", "\"reason\":\"deploy\"");
    assertThat(global.get("version").longValue()).isPositive();
  }

  @Test
  void peopleSeeRoutesOnly() {
    assertThat(paths(get(viewer, "/api/routes", null)))
        .containsExactlyInAnyOrder("shop:GET:/pay", "shop:/cart", "other:GET:/pay");
    assertThat(paths(get(viewer, "/api/rate-limits", null)))
        .containsExactlyInAnyOrder("shop:GET:/pay", "other:GET:/pay");
  }

  @Test
  void itsPoliciesHaveThePathsItsCodeKnows() {
    for (String app : new String[] {"shop", null}) {
      HttpResponse<String> answer = get(sdk, "/api/rate-limits", app);
      assertThat(paths(answer)).containsExactly("/pay");
      assertThat(json(answer).get(0).get("method").textValue()).isEqualTo("GET");
      assertThat(json(answer).get(0).get("limit").textValue()).isEqualTo("5/minute");
    }
  }

  @Test
  void nothingOfAnotherService() {
    for (String target :
        List.of(
            "/api/routes?service=other",
            "/api/rate-limits?service=other",
            "/api/rate-limits?path=GET:other:GET:/pay",
            "/api/rate-limits?path=GET:shop:GET:/pay",
            "/api/rate-limits/hits")) {
      assertThat(get(sdk, target, "shop").statusCode()).as(target).isEqualTo(403);
    }
    for (String target : List.of("/api/routes", "/api/rate-limits")) {
      assertThat(get(sdk, target, "other").statusCode()).as(target).isEqualTo(403);
    }
  }
}
