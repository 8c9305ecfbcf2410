package io.shield.admin;

import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldOptions;
import io.shield.fixtures.ForwardingBackend;
import io.shield.memory.MemoryBackend;
import io.shield.model.DocumentValue;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.store.DocumentKey;
import io.shield.spi.CommitListener;
import io.shield.spi.ShieldBackend;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two admins of one store, of which the second hears nothing of what the first does: what is asked
 * of it on a condition is judged by what the store holds, not by the copy that it has.
 */
class TwoAdminsTest {
  private static final Actor ANN = Actor.of("ann", "cli");

  private final MemoryBackend store = MemoryBackend.create();
  private RunningAdmin first;
  private RunningAdmin second;

  /** A store whose messages all get lost on the way to one node. */
  private static final class Unheard extends ForwardingBackend {
    Unheard(ShieldBackend store) {
      super(store);
    }

    @Override
    public Future<Subscription> subscribe(CommitListener listener) {
      return Future.succeededFuture(Future::succeededFuture);
    }
  }

  @BeforeEach
  void start() {
    first = new RunningAdmin(new AdminOptions(), options(store));
    first.register("GET:/a", "GET:/b");
    RunningAdmin.await(
        first.engine.rateLimits().set(RateLimitPolicy.of("GET", "/a", "5/minute"), ANN));
    second = new RunningAdmin(new AdminOptions(), options(new Unheard(store)));
  }

  @AfterEach
  void stop() {
    second.close();
    first.close();
  }

  /** The store is asked for its head by nothing but what is tested. */
  private static ShieldOptions options(ShieldBackend backend) {
    return new ShieldOptions().setBackend(backend).setHeadInterval(Duration.ofHours(1));
  }

  private static HttpResponse<String> send(
      RunningAdmin admin, String method, String target, String body, String ifMatch) {
    HttpRequest.Builder request = admin.request(method, target, body);
    return RunningAdmin.send(ifMatch == null ? request : request.header("If-Match", ifMatch));
  }

  private static HttpResponse<String> done(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
    return answer;
  }

  private static String etag(HttpResponse<String> answer) {
    return answer.headers().firstValue("ETag").orElseThrow();
  }

  @Test
  void whatOneSawTheOtherChanges() {
    for (String[] step :
        List.<String[]>of(
            new String[] {"/api/routes/disable?path=GET:/a", "/api/routes/enable?path=GET:/a"},
            new String[] {"/api/global/enable", "/api/global/disable"},
            new String[] {
              "/api/services/shop/maintenance/enable", "/api/services/shop/maintenance/disable"
            },
            new String[] {
              "/api/rate-limits/pause?path=GET:/a", "/api/rate-limits/resume?path=GET:/a"
            },
            new String[] {"/api/global-rate-limit", "/api/global-rate-limit/disable"})) {
      String body = step[0].equals("/api/global-rate-limit") ? "{\"limit\": \"9/minute\"}" : "{}";
      String seen = etag(done(send(first, "POST", step[0], body, null)));
      HttpResponse<String> answer = send(second, "POST", step[1], "{}", seen);
      assertThat(answer.statusCode()).as("%s: %s", step[1], answer.body()).isEqualTo(200);
    }
  }

  @Test
  void oneTakesBackWhatTheOtherDid() {
    HttpResponse<String> disabled =
        done(send(first, "POST", "/api/routes/disable?path=GET:/a", "{}", null));
    String body = "{\"revision\": " + json(disabled).get("version").longValue() + "}";
    done(send(second, "POST", "/api/routes/undo", body, null));
    assertThat(second.engine.routes().get("GET:/a").state().status().wireName())
        .isEqualTo("active");
    HttpResponse<String> again = send(first, "POST", "/api/routes/undo", body, null);
    assertThat(again.statusCode()).as(again.body()).isEqualTo(412);
  }

  /** What this node finds done already, or impossible, need not be so in the store. */
  @Test
  void nothingIsRefusedOrTakenForDoneThatTheOtherChanged() {
    done(send(first, "POST", "/api/rate-limits/pause?path=GET:/a", "{}", null));
    done(send(second, "POST", "/api/rate-limits/pause?path=GET:/a", "{}", null));
    done(send(first, "POST", "/api/rate-limits/resume?path=GET:/a", "{}", null));
    done(send(second, "POST", "/api/rate-limits/pause?path=GET:/a", "{}", null));
    DocumentValue limit = RunningAdmin.await(store.load()).value(DocumentKey.policy("GET:/a"));
    assertThat(((RateLimitPolicy) limit).enabled()).isFalse();

    String window = "{\"start\": \"1h\", \"for\": \"1h\"}";
    done(send(first, "POST", "/api/routes/schedule?path=GET:/a", window, null));
    done(send(second, "DELETE", "/api/routes/schedule?path=GET:/a", null, null));
    assertThat(RunningAdmin.await(store.load()).state("GET:/a").window()).isNull();

    String document = "{\"shield\": 1, \"routes\": {\"GET:/b\": {\"status\": \"active\"}}}";
    done(send(first, "POST", "/api/routes/disable?path=GET:/b", "{}", null));
    HttpResponse<String> applied = done(send(second, "POST", "/api/apply", document, null));
    assertThat(json(applied).get("count").intValue()).isOne();

    first.register("GET:/new");
    done(send(second, "POST", "/api/routes/disable?path=GET:/new", "{}", null));
  }

  /** Of a whole list it counts what anybody changed, also what the change is not about. */
  @Test
  void aListThatChangedAtTheOtherIsNotTheSame() {
    String export = etag(send(second, "GET", "/api/export", null, null));
    String list = etag(send(second, "GET", "/api/routes", null, null));
    done(send(first, "POST", "/api/routes/disable?path=GET:/b", "{}", null));
    String document = "{\"shield\": 1, \"routes\": {\"GET:/a\": {\"status\": \"disabled\"}}}";
    assertThat(send(second, "POST", "/api/apply", document, export).statusCode()).isEqualTo(412);
    String bulk = "{\"action\": \"disable\", \"keys\": [\"GET:/a\"]}";
    assertThat(send(second, "POST", "/api/routes/bulk", bulk, list).statusCode()).isEqualTo(412);
    assertThat(RunningAdmin.await(store.load()).state("GET:/a").status())
        .isEqualTo(RouteStatus.ACTIVE);
    String seen = etag(send(first, "GET", "/api/export", null, null));
    done(send(second, "POST", "/api/apply", document, seen));
  }
}
