package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import shop.RunningShop.Answer;

/** The shop, used as its customers and its operators do. */
class ShopTest {
  private static RunningShop shop;

  @BeforeAll
  static void open() throws Exception {
    shop = RunningShop.start("shop.json", null);
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  private static String bearer(String user) throws Exception {
    return "Bearer " + shop.post("/token?user=" + user, "").body();
  }

  @Test
  void everyInstanceEnforcesAChangeAtOnce() throws Exception {
    assertEquals(200, shop.get("/catalogue/items/7").status());
    shop.change("disable", "GET:/catalogue/items/:id", "recount");
    for (int i = 0; i < 8; i++) {
      assertEquals(503, shop.get("/catalogue/items/7").status());
    }
    shop.change("enable", "GET:/catalogue/items/:id", "done");
    assertEquals(200, shop.get("/catalogue/items/7").status());
    assertEquals(400, shop.get("/catalogue/items/seven").status(), "the contract is checked");
  }

  @Test
  void limitsCountUsers() throws Exception {
    assertEquals(401, shop.post("/api/orders/", "{}").status());
    String ann = bearer("ann");
    for (int i = 0; i < 5; i++) {
      assertEquals(200, shop.post("/api/orders/", "{}", "Authorization", ann).status());
    }
    Answer refused = shop.post("/api/orders/", "{}", "Authorization", ann);
    assertEquals(429, refused.status());
    assertEquals("{\"sorry\":\"at most 5/day\"}", refused.body());
    assertEquals(200, shop.post("/api/orders/", "{}", "Authorization", bearer("bob")).status());
    assertEquals("[\"ann\"]", shop.get("/api/orders/", "Authorization", ann).body());
  }

  @Test
  void scriptsOfAnotherOriginReadRefusals() throws Exception {
    shop.change("maintenance", "GET:/openapi.json", "a new contract");
    Answer refused = shop.get("/openapi.json", "Origin", "https://shop.example");
    assertEquals(503, refused.status());
    assertEquals("The shop is closed: a new contract", refused.body());
    assertEquals(
        "https://shop.example",
        refused.whole().headers().firstValue("Access-Control-Allow-Origin").orElse(""));
    assertTrue(
        refused
            .whole()
            .headers()
            .firstValue("Access-Control-Expose-Headers")
            .orElse("")
            .contains("Retry-After"));
    shop.change("enable", "GET:/openapi.json", "");
    assertTrue(shop.get("/openapi.json").body().contains("getItem"));
  }

  @Test
  void whatIsOpenStaysOpen() throws Exception {
    WebSocket.Builder client = HttpClient.newHttpClient().newWebSocketBuilder();
    URI chat = URI.create("ws://localhost:" + shop.port + "/live/chat");
    CompletableFuture<String> heard = new CompletableFuture<>();
    WebSocket open = client.buildAsync(chat, new Ear(heard)).join();
    shop.change("disable", "GET:/live/chat", "too loud");
    assertThrows(
        CompletionException.class, () -> client.buildAsync(chat, new Ear(heard)).join());
    open.sendText("still here", true).join();
    assertEquals("still here", heard.join());
    open.abort();
    shop.change("enable", "GET:/live/chat", "");
  }

  private record Ear(CompletableFuture<String> heard) implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      heard.complete(text.toString());
      return WebSocket.Listener.super.onText(socket, text, last);
    }
  }

  @Test
  void aStreamIsRefusedInItsOwnWay() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + shop.port + "/live/prices"))
            .build();
    try (Stream<String> lines =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofLines()).body()) {
      assertEquals("data: 42", lines.findFirst().orElseThrow());
    }
    shop.change("disable", "GET:/live/prices", "holiday");
    assertEquals(204, shop.get("/live/prices").status());
    shop.change("enable", "GET:/live/prices", "");
  }

  @Test
  void theRestIsThereToo() throws Exception {
    assertTrue(shop.get("/").body().contains("Welcome"));
    assertEquals("well", shop.get("/health").body());
    assertEquals(404, shop.get("/nothing").status());
    assertFalse(shop.get("/openapi.json").body().isEmpty());
  }
}
