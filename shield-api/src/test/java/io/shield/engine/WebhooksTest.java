package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.Webhooks;
import io.shield.engine.WebhookReceiver.Received;
import io.shield.error.InvalidValueException;
import io.shield.error.UnknownPolicyException;
import io.shield.fixtures.MutableClock;
import io.shield.internal.adoption.AdoptionEntries;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceMode;
import io.shield.model.MaintenanceWindow;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.webhook.Delivery;
import io.shield.model.webhook.Webhook;
import io.shield.model.webhook.WebhookStatus;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Others are told of changes: at least once, signed, and by one node. */
class WebhooksTest extends EngineTest {
  private final MutableClock clock = MutableClock.at(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final MemoryBackend store = MemoryBackend.create();
  private final WebhookReceiver receiver = new WebhookReceiver(vertx);

  private ShieldOptions options() {
    return on(store).setClock(clock).putSetting("SHIELD_WEBHOOK_ALLOWED_ADDRESSES", "127.0.0.0/8");
  }

  private ShieldEngine node() {
    ShieldEngine engine = started(options());
    register(engine, "GET:/a", "GET:/b");
    return engine;
  }

  /** With a webhook of the name {@code hook} to the receiver; returns its secret. */
  private String hooked(ShieldEngine engine) {
    Webhooks.Written written =
        await(engine.webhooks().set(Webhook.of("hook", receiver.url()), null, null, ALICE));
    assertThat(written.secret()).matches("whsec_[A-Za-z0-9+/]{32}");
    return written.secret();
  }

  private List<String> events() {
    return receiver.received.stream().map(r -> r.json().get("event").textValue()).toList();
  }

  private static WebhookStatus status(ShieldEngine engine) {
    return engine.webhooks().status("hook").orElseThrow();
  }

  private static void disable(ShieldEngine engine, String route) {
    await(engine.routes().disable(route, ALICE, "why"));
  }

  private void verify(Received request, String secret) throws Exception {
    new com.standardwebhooks.Webhook(secret).verify(request.body(), request.httpHeaders());
  }

  @Test
  void twoNodesAndAReceiverThatFailsTwice() throws Exception {
    receiver.answers(number -> number <= 2 ? 500 : 200);
    ShieldEngine one = node();
    ShieldEngine two = node();
    String secret = hooked(one);
    eventually(() -> assertThat(two.webhooks().list()).hasSize(1));
    disable(two, "GET:/a");
    eventually(
        () -> {
          clock.advance(Duration.ofMillis(100));
          assertThat(receiver.received).hasSize(3);
        });
    eventually(() -> assertThat(status(one).pending()).isZero());
    eventually(() -> assertThat(status(two).pending()).isZero());
    assertThat(receiver.received).hasSize(3);
    assertThat(receiver.received.stream().map(Received::id).distinct()).hasSize(1);
    assertThat(receiver.received.stream().map(Received::body).distinct()).hasSize(1);
    for (Received request : receiver.received) {
      verify(request, secret);
    }
    assertThat(status(two).deliveries())
        .extracting(Delivery::attempt, Delivery::outcome, Delivery::status)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(3, Delivery.Outcome.DELIVERED, 200),
            org.assertj.core.groups.Tuple.tuple(2, Delivery.Outcome.FAILED, 500),
            org.assertj.core.groups.Tuple.tuple(1, Delivery.Outcome.FAILED, 500));
  }

  /** As backends take over what others wrote: a commit that no engine made. */
  @Test
  void whatOthersWroteIntoTheStoreIsToldOnce() {
    ShieldEngine one = node();
    node();
    hooked(one);
    for (String route : List.of("GET:/a", "GET:/b")) {
      RouteState before = one.snapshot().state(route);
      RouteState after = before.toBuilder().status(RouteStatus.DISABLED).reason("by hand").build();
      DocumentKey key = DocumentKey.state(route);
      AuditEntry entry = AdoptionEntries.of(key, before, after, clock.instant());
      long version = one.snapshot().version(key);
      Change change =
          new Change("adopted " + route, List.of(new Edit(key, version, after)), List.of(entry));
      await(store.commit(change));
      eventually(
          () -> assertThat(one.snapshot().state(route).status()).isEqualTo(RouteStatus.DISABLED));
    }
    eventually(() -> assertThat(status(one).deliveries()).hasSize(2));
    eventually(() -> assertThat(status(one).pending()).isZero());
    assertThat(events()).containsExactly("disable", "disable");
    assertThat(receiver.received.get(1).json().at("/state/status").textValue())
        .isEqualTo("disabled");
  }

  /** Whoever reads the store, a copy of it or a snapshot on disk has no secret from there. */
  @Test
  void withASecretKeySecretsAreStoredEncrypted() throws Exception {
    String key = "0123456789abcdef0123456789abcdef";
    String next = "another 9abcdef0123456789abcdef0";
    ShieldEngine one = started(options().putSetting("SHIELD_SECRET_KEY", key));
    register(one, "GET:/a");
    String secret = hooked(one);
    String stored = one.snapshot().documents().get("webhook-secret:hook").value().content();
    assertThat(stored).contains("sealed").doesNotContain(secret.substring(6), "current");
    await(one.close());

    ShieldEngine without = started(options());
    assertThat(status(without).problem()).contains("SHIELD_SECRET_KEY");
    await(without.close());

    ShieldEngine renewed =
        started(
            options()
                .putSetting("SHIELD_SECRET_KEY", next)
                .putSetting("SHIELD_SECRET_KEY_PREVIOUS", key));
    disable(renewed, "GET:/a");
    eventually(() -> assertThat(receiver.received).hasSize(1));
    verify(receiver.received.get(0), secret);
    await(renewed.webhooks().rotateSecret("hook", ALICE));
    await(renewed.close());

    ShieldEngine last = started(options().putSetting("SHIELD_SECRET_KEY", next));
    await(last.routes().enable("GET:/a", ALICE, ""));
    eventually(() -> assertThat(receiver.received).hasSizeGreaterThanOrEqualTo(2));
    verify(receiver.received.get(receiver.received.size() - 1), secret);
  }

  /** A key that is lost takes the secret with it, not the webhook. */
  @Test
  void whoLostTheKeyMakesAnotherSecret() throws Exception {
    ShieldEngine one =
        started(options().putSetting("SHIELD_SECRET_KEY", "0123456789abcdef0123456789abcdef"));
    register(one, "GET:/a");
    hooked(one);
    await(one.close());
    ShieldEngine other =
        started(options().putSetting("SHIELD_SECRET_KEY", "another 9abcdef0123456789abcdef0"));
    assertThat(status(other).problem()).contains("rotate");
    String secret = await(other.webhooks().rotateSecret("hook", ALICE)).secret();
    assertThat(status(other).problem()).isNull();
    disable(other, "GET:/a");
    eventually(() -> assertThat(events()).contains("disable"));
    verify(receiver.received.get(receiver.received.size() - 1), secret);
  }

  @Test
  void thePayloadOfTheOriginal() {
    ShieldEngine engine = node();
    hooked(engine);
    disable(engine, "GET:/a");
    eventually(() -> assertThat(receiver.received).hasSize(1));
    JsonNode body = receiver.received.get(0).json();
    assertThat(body.get("event").textValue()).isEqualTo("disable");
    assertThat(body.get("path").textValue()).isEqualTo("GET:/a");
    assertThat(body.get("reason").textValue()).isEqualTo("why");
    assertThat(Instant.parse(body.get("timestamp").textValue())).isEqualTo(clock.instant());
    assertThat(body.at("/state/status").textValue()).isEqualTo("disabled");
    assertThat(receiver.received.get(0).headers().get("Content-Type"))
        .isEqualTo("application/json");
  }

  @Test
  void everyKindOfChange() {
    ShieldEngine engine = node();
    hooked(engine);
    await(engine.maintenance().enableGlobal(ALICE, "all"));
    await(engine.maintenance().setService("s", MaintenanceMode.on("s"), ALICE, null));
    await(engine.rateLimits().set(RateLimitPolicy.of("GET", "/a", "5/minute"), ALICE));
    await(engine.rateLimits().delete("GET:/a", ALICE));
    Instant start = clock.instant().plusSeconds(10);
    await(
        engine
            .routes()
            .schedule("GET:/b", ALICE, new MaintenanceWindow(start, start.plusSeconds(10), "w")));
    eventually(() -> assertThat(receiver.received).hasSize(5));
    clock.advance(Duration.ofSeconds(11));
    eventually(() -> assertThat(receiver.received).hasSize(6));
    clock.advance(Duration.ofSeconds(10));
    eventually(() -> assertThat(receiver.received).hasSize(7));
    assertThat(events())
        .containsExactly(
            "global_maintenance_on",
            "service_maintenance_on",
            "rl_policy_set",
            "rl_policy_deleted",
            "schedule_set",
            "maintenance_on",
            "maintenance_off");
    assertThat(receiver.received.get(5).json().get("actor").textValue()).isEqualTo("scheduler");
    assertThat(receiver.received.get(5).json().at("/state/status").textValue())
        .isEqualTo("maintenance");
    assertThat(receiver.received.get(2).json().at("/state/limit").textValue())
        .isEqualTo("5/minute");
    assertThat(receiver.received.get(3).json().get("state").isNull()).isTrue();
  }

  @Test
  void onlyWhatItWantsAndInItsFormat() {
    ShieldEngine engine = node();
    engine
        .webhooks()
        .addFormat(
            "own",
            event ->
                JsonNodeFactory.instance
                    .objectNode()
                    .put("x", event.path())
                    .putPOJO("y", Map.of("z", 1)));
    Webhook hook = Webhook.of("hook", receiver.url()).withEvents(List.of("disable"));
    await(engine.webhooks().set(hook.withFormat("own"), null, null, ALICE));
    await(engine.routes().enable("GET:/a", ALICE, ""));
    disable(engine, "GET:/a");
    eventually(() -> assertThat(receiver.received).hasSize(1));
    assertThat(receiver.received.get(0).body()).isEqualTo("{\"x\":\"GET:/a\",\"y\":{\"z\":1}}");
    await(
        engine
            .webhooks()
            .set(hook.withFormat(Webhook.SLACK_FORMAT).withEvents(List.of()), null, null, ALICE));
    await(engine.routes().disable("GET:/b", ALICE, "<!channel>"));
    eventually(() -> assertThat(receiver.received).hasSize(2));
    JsonNode slack = receiver.received.get(1).json().at("/attachments/0");
    assertThat(slack.get("color").textValue()).isEqualTo("#FF0000");
    assertThat(slack.get("text").textValue()).isEqualTo("*DISABLE*: `GET:/b`\n> &lt;!channel&gt;");
    assertThat(slack.get("ts").longValue()).isEqualTo(clock.instant().getEpochSecond());
  }

  @Test
  void aSecretIsReplacedWithoutAGap() throws Exception {
    ShieldEngine engine = node();
    String old = hooked(engine);
    String next = await(engine.webhooks().rotateSecret("hook", ALICE)).secret();
    eventually(() -> assertThat(receiver.received).hasSize(1));
    Received both = receiver.received.get(0);
    assertThat(both.headers().get("webhook-signature")).matches("v1,\\S+ v1,\\S+");
    verify(both, old);
    verify(both, next);
    clock.advance(Duration.ofDays(1));
    disable(engine, "GET:/a");
    eventually(() -> assertThat(receiver.received).hasSize(2));
    assertThat(receiver.received.get(1).headers().get("webhook-signature")).matches("v1,\\S+");
  }

  @Test
  void whatAnswers410IsDisabled() {
    receiver.answers(number -> 410);
    ShieldEngine engine = node();
    hooked(engine);
    disable(engine, "GET:/a");
    eventually(() -> assertThat(engine.webhooks().get("hook").orElseThrow().enabled()).isFalse());
    assertThat(engine.webhooks().get("hook").orElseThrow().problem()).contains("410");
    assertThat(auditOf(store))
        .anySatisfy(
            entry -> {
              assertThat(entry.action()).isEqualTo("webhook_set");
              assertThat(entry.actor()).isEqualTo("system");
            });
    disable(engine, "GET:/b");
    receiver.answers(number -> 200);
    await(engine.webhooks().enable("hook", ALICE));
    await(engine.webhooks().test("hook", ALICE));
    eventually(() -> assertThat(events()).containsExactly("disable", "test"));
  }

  @Test
  void retryAfterIsHonouredUpToAnHour() {
    receiver.headers.put("Retry-After", "999999");
    receiver.answers(number -> number == 1 ? 503 : 200);
    ShieldEngine engine = node();
    hooked(engine);
    disable(engine, "GET:/a");
    eventually(() -> assertThat(status(engine).retrying()).isOne());
    clock.advance(Duration.ofMinutes(59));
    disable(engine, "GET:/b");
    eventually(() -> assertThat(receiver.received).hasSize(2));
    assertThat(status(engine).retrying()).isOne();
    clock.advance(Duration.ofMinutes(1));
    eventually(() -> assertThat(receiver.received).hasSize(3));
    eventually(() -> assertThat(status(engine).pending()).isZero());
  }

  @Test
  void afterADayItIsParkedUntilSomebodyHasItDeliveredAgain() {
    receiver.answers(number -> 500);
    ShieldEngine engine = node();
    hooked(engine);
    disable(engine, "GET:/a");
    eventually(
        () -> {
          clock.advance(Duration.ofHours(1));
          assertThat(status(engine).parked()).isOne();
        });
    assertThat(status(engine).pending()).isZero();
    Delivery last = status(engine).deliveries().get(0);
    assertThat(last.outcome()).isEqualTo(Delivery.Outcome.PARKED);
    receiver.answers(number -> 200);
    int before = receiver.received.size();
    await(engine.webhooks().redeliver("hook", last.id(), ALICE));
    eventually(() -> assertThat(receiver.received).hasSize(before + 1));
    assertThat(receiver.received.get(before).id()).isEqualTo(last.id());
    eventually(() -> assertThat(status(engine).parked()).isZero());
    await(engine.webhooks().redeliver("hook", last.id(), ALICE));
    eventually(() -> assertThat(receiver.received).hasSize(before + 2));
    assertThat(failureOf(engine.webhooks().redeliver("hook", "msg_no", ALICE)))
        .isInstanceOf(InvalidValueException.class);
  }

  /** Whoever asks while it is on its way cannot know what becomes of that. */
  @ParameterizedTest
  @ValueSource(ints = {200, 500})
  void itIsDeliveredAgainAlsoWhereItIsOnItsWay(int answer) {
    ShieldEngine engine = node();
    hooked(engine);
    disable(engine, "GET:/a");
    eventually(() -> assertThat(status(engine).deliveries()).hasSize(1));
    String id = status(engine).deliveries().get(0).id();
    Promise<Void> released = receiver.answers(number -> number == 2 ? answer : 200).holds();
    await(engine.webhooks().redeliver("hook", id, ALICE));
    eventually(() -> assertThat(receiver.received).hasSize(2));
    await(engine.webhooks().redeliver("hook", id, ALICE));
    released.complete();
    eventually(() -> assertThat(receiver.received).hasSize(3));
    eventually(() -> assertThat(status(engine).pending()).isZero());
    assertThat(receiver.received).extracting(Received::id).containsOnly(id);
  }

  @Test
  void tooManyAreDroppedAndThatIsTold() {
    ShieldEngine engine = started(options());
    int many = 500;
    String[] routes =
        IntStream.range(0, many).mapToObj(i -> "GET:/many/" + i).toArray(String[]::new);
    register(engine, routes);
    engine
        .webhooks()
        .addFormat(
            "slow",
            event -> {
              throw new IllegalStateException("never");
            });
    await(
        engine
            .webhooks()
            .set(Webhook.of("hook", receiver.url()).withFormat("slow"), null, null, ALICE));
    List<Routes.Command> commands = new ArrayList<>();
    for (String route : routes) {
      commands.add(Routes.Command.of(route, new RouteAction.Disable("", null)));
    }
    for (int i = 0; i < 22; i++) {
      await(engine.routes().applyAll(commands, ALICE));
    }
    eventually(() -> assertThat(status(engine).pending()).isLessThanOrEqualTo(10_020 + 100));
    eventually(() -> assertThat(status(engine).dropped()).isPositive());
    long dropped = status(engine).dropped();
    await(engine.webhooks().set(Webhook.of("hook", receiver.url()), null, null, ALICE));
    eventually(
        () -> {
          clock.advance(Duration.ofSeconds(10));
          assertThat(events()).contains("events_dropped");
        });
    int told = events().indexOf("events_dropped");
    // What is dropped after the look, and before it is told, is told too.
    assertThat(receiver.received.get(told).json().at("/state/count").longValue())
        .isBetween(dropped, dropped + 1);
    eventually(() -> assertThat(status(engine).dropped()).isZero());
  }

  @Test
  void whatIsNotPublicIsRefusedUnlessAllowed() {
    ShieldEngine engine = started(on(store).setClock(clock));
    register(engine, "GET:/a");
    hooked(engine);
    disable(engine, "GET:/a");
    eventually(() -> assertThat(status(engine).deliveries()).hasSize(1));
    assertThat(status(engine).deliveries().get(0).problem()).contains("not public");
    assertThat(receiver.received).isEmpty();
  }

  @Test
  void redirectsAreNotFollowed() {
    receiver.headers.put("Location", receiver.url());
    receiver.answers(number -> number == 1 ? 307 : 200);
    ShieldEngine engine = node();
    hooked(engine);
    disable(engine, "GET:/a");
    eventually(() -> assertThat(status(engine).deliveries()).hasSize(1));
    assertThat(status(engine).deliveries().get(0).problem()).contains("redirects");
    assertThat(receiver.received).hasSize(1);
  }

  @Test
  void anotherNodeGoesOnWhenTheSenderStops() {
    receiver.answers(number -> 500);
    ShieldEngine one = node();
    hooked(one);
    disable(one, "GET:/a");
    eventually(() -> assertThat(status(one).retrying()).isOne());
    ShieldEngine two = node();
    await(one.close());
    receiver.answers(number -> 200);
    clock.advance(Duration.ofMinutes(1));
    eventually(() -> assertThat(status(two).pending()).isZero());
    assertThat(receiver.received.stream().map(Received::id).distinct()).hasSize(1);
  }

  /** A restart is no reason to tell everybody the same again. */
  @Test
  void whatWasTakenBeforeTheSenderStoppedIsNotToldAgain() {
    ShieldEngine one = node();
    List<String> routes = IntStream.range(0, 12).mapToObj(i -> "GET:/r" + i).toList();
    register(one, routes.toArray(new String[0]));
    hooked(one);
    receiver.answers(
        number -> {
          if (number == 6) {
            one.close();
          }
          return 204;
        });
    List<Routes.Command> commands =
        routes.stream()
            .map(route -> new Routes.Command(route, new RouteAction.Disable("", null), null))
            .toList();
    await(one.routes().applyAll(commands, ALICE));
    eventually(() -> assertThat(receiver.received).hasSizeGreaterThanOrEqualTo(6));
    await(one.close());
    ShieldEngine two = node();
    eventually(() -> assertThat(status(two).pending()).isZero());
    assertThat(receiver.received.stream().map(Received::id).distinct()).hasSize(routes.size());
    // Nobody knows what became of the one that was under way if its answer took too long.
    assertThat(receiver.received).hasSizeLessThanOrEqualTo(routes.size() + 1);
  }

  @Test
  void configuredByCodeAndEnvironment() throws Exception {
    String secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
    ShieldOptions configured =
        options()
            .addWebhook(Webhook.of("code", receiver.url()).withEvents(List.of("disable")))
            .putSetting("SHIELD_WEBHOOK_URLS", receiver.url() + ",https://hooks.slack.com/x")
            .putSetting("SHIELD_WEBHOOK_SECRET", secret);
    ShieldEngine engine = started(configured);
    register(engine, "GET:/a");
    eventually(() -> assertThat(engine.webhooks().list()).hasSize(3));
    assertThat(engine.webhooks().list()).extracting(Webhook::origin).containsOnly(Origin.CODE);
    assertThat(engine.webhooks().list())
        .extracting(Webhook::format)
        .containsExactlyInAnyOrder("default", "default", "slack");
    assertThat(auditOf(store)).isEmpty();
    disable(engine, "GET:/a");
    eventually(() -> assertThat(receiver.received).hasSize(2));
    List<Received> signed =
        receiver.received.stream().filter(r -> r.headers().contains("webhook-signature")).toList();
    assertThat(signed).hasSize(1);
    verify(signed.get(0), secret);

    ShieldEngine next =
        started(options().putSetting("SHIELD_WEBHOOK_URLS", "https://hooks.slack.com/x"));
    eventually(
        () ->
            assertThat(next.webhooks().list())
                .extracting(Webhook::url)
                .containsExactlyInAnyOrder(receiver.url(), "https://hooks.slack.com/x"));
  }

  /** Both, with what waited for them, in one change: each document is deleted once. */
  @Test
  void severalAddressesThatAreNoLongerConfiguredGoTogether() {
    String former = "https://192.0.2.1/x,https://192.0.2.2/x";
    ShieldEngine first = started(options().putSetting("SHIELD_WEBHOOK_URLS", former));
    eventually(() -> assertThat(first.webhooks().list()).hasSize(2));
    await(first.close());
    ShieldEngine silent = started(options().putSetting("SHIELD_WEBHOOKS", "false"));
    register(silent, "GET:/a");
    disable(silent, "GET:/a");
    silent.webhooks().list().forEach(each -> await(silent.webhooks().disable(each.name(), ALICE)));

    ShieldEngine next =
        started(options().putSetting("SHIELD_WEBHOOK_URLS", "https://hooks.slack.com/x"));
    eventually(
        () ->
            assertThat(next.webhooks().list())
                .extracting(Webhook::url)
                .containsExactly("https://hooks.slack.com/x"));
    assertThat(contentOf(store).documents().keySet())
        .noneMatch(name -> name.startsWith("webhook-events"));
  }

  @Test
  void aBulkChangeIsToldEntryByEntry() {
    ShieldEngine engine = started(options());
    String[] routes = IntStream.range(0, 150).mapToObj(i -> "GET:/r" + i).toArray(String[]::new);
    register(engine, routes);
    hooked(engine);
    List<Routes.Command> commands = new ArrayList<>();
    for (String route : routes) {
      commands.add(Routes.Command.of(route, new RouteAction.Disable("", null)));
    }
    await(engine.routes().applyAll(commands, ALICE));
    eventually(() -> assertThat(receiver.received).hasSize(150));
    assertThat(receiver.received.stream().map(Received::id).distinct()).hasSize(150);
    assertThat(receiver.received.stream().map(r -> r.json().get("path").textValue()))
        .containsExactly(routes);
    eventually(
        () ->
            assertThat(contentOf(store).documents().keySet())
                .as("what nobody needs is deleted")
                .filteredOn(name -> name.startsWith("webhook-events:"))
                .hasSizeLessThanOrEqualTo(2));
  }

  @Test
  void deletedIsForgotten() {
    ShieldEngine engine = node();
    hooked(engine);
    await(engine.webhooks().delete("hook", null, ALICE));
    assertThat(contentOf(store).documents().keySet()).noneMatch(name -> name.startsWith("webhook"));
    assertThat(auditOf(store))
        .extracting(AuditEntry::action)
        .containsExactly("webhook_deleted", "webhook_set");
    assertThat(failureOf(engine.webhooks().enable("hook", ALICE)))
        .isInstanceOf(UnknownPolicyException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ftp://h/x",
        "http://",
        "http://u:p@h/",
        "http://h/#f",
        "h/x",
        "http://h:99999/",
        "http://a b/"
      })
  void refusesWhatIsNoAddress(String url) {
    assertThatThrownBy(() -> Webhook.of("hook", url))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("url");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "whsec_",
        "whsec_AAAA",
        "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI",
        "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz-_"
      })
  void refusesWhatIsNoSecretAndDoesNotShowIt(String secret) {
    ShieldEngine engine = node();
    assertThatThrownBy(
            () -> engine.webhooks().set(Webhook.of("hook", "http://h/"), secret, null, ALICE))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("whsec_")
        .hasMessageNotContaining("MDEy");
  }
}
