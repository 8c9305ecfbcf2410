package io.shield.admin;

import static io.shield.admin.RunningAdmin.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens that nobody issued, or that are not what was issued. */
class ForgedTokensTest {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private static RunningAdmin admin;
  private static String header;
  private static String payload;
  private static String token;

  @BeforeAll
  static void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    token = admin.token("admin");
    String[] parts = token.split("\\.", -1);
    header = decoded(parts[0]);
    payload = decoded(parts[1]);
  }

  @AfterAll
  static void stop() {
    admin.close();
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String signed(String head, String body, String algorithm, String key) {
    try {
      String input = encoded(head) + "." + encoded(body);
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), algorithm));
      return input
          + "."
          + BASE64.encodeToString(mac.doFinal(input.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signed with the right key: as if the library had issued it. */
  private static String claims(Consumer<ObjectNode> change) {
    ObjectNode claims = (ObjectNode) ShieldJson.parse("payload", payload);
    change.accept(claims);
    return signed(header, claims.toString(), "HmacSHA256", KEY);
  }

  private static String head(Consumer<ObjectNode> change) {
    ObjectNode head = (ObjectNode) ShieldJson.parse("header", header);
    change.accept(head);
    return signed(head.toString(), payload, "HmacSHA256", KEY);
  }

  /** With a member before one of the same name, which is the last then. */
  private static String twice(String json, String name, String first) {
    return "{\"" + name + "\":\"" + first + "\"," + json.substring(1);
  }

  private static Map<String, String> forgeries() {
    Map<String, String> all = new LinkedHashMap<>();
    String[] parts = token.split("\\.", -1);
    all.put("empty", "");
    all.put("blank", " ");
    all.put("a word", "token");
    all.put("dots", "..");
    all.put("many dots", "....");
    all.put("without a signature", parts[0] + "." + parts[1]);
    all.put("with an empty signature", parts[0] + "." + parts[1] + ".");
    all.put("four parts", token + ".x");
    all.put("not base64", "!!!.???.***");
    all.put("padded", token + "=");
    all.put("signature cut", token.substring(0, token.length() - 2));
    all.put("signature of zeros", parts[0] + "." + parts[1] + "." + "A".repeat(43));
    all.put("too long", parts[0] + "." + "A".repeat(6000) + "." + parts[2]);
    all.put("header and payload changed places", parts[1] + "." + parts[0] + "." + parts[2]);
    all.put(
        "payload of another role",
        parts[0] + "." + encoded("{\"role\":\"admin\"}") + "." + parts[2]);
    all.put("payload no json", signed(header, "payload", "HmacSHA256", KEY));
    all.put("payload a list", signed(header, "[]", "HmacSHA256", KEY));
    all.put("payload null", signed(header, "null", "HmacSHA256", KEY));
    all.put("payload empty", signed(header, "{}", "HmacSHA256", KEY));
    all.put("payload nested", signed(header, "[".repeat(1200), "HmacSHA256", KEY));
    all.put("header no json", signed("header", payload, "HmacSHA256", KEY));
    all.put("header empty", signed("{}", payload, "HmacSHA256", KEY));
    all.put("alg none", encoded("{\"alg\":\"none\"}") + "." + parts[1] + ".");
    all.put("alg none, two parts", encoded("{\"alg\":\"none\"}") + "." + parts[1]);
    all.put("alg None signed", head(h -> h.put("alg", "None")));
    all.put("alg none signed", head(h -> h.put("alg", "none")));
    all.put("alg missing", head(h -> h.remove("alg")));
    all.put("alg a number", head(h -> h.put("alg", 256)));
    all.put("alg HS384", signed(header.replace("HS256", "HS384"), payload, "HmacSHA384", KEY));
    all.put("alg HS512", signed(header.replace("HS256", "HS512"), payload, "HmacSHA512", KEY));
    all.put("alg RS256", head(h -> h.put("alg", "RS256")));
    all.put("another key", signed(header, payload, "HmacSHA256", KEY + "x"));
    all.put("the key's name", signed(header, payload, "HmacSHA256", "SHIELD_SECRET_KEY"));
    all.put("another key id", head(h -> h.put("kid", "other")));
    all.put("key id a number", head(h -> h.put("kid", 1)));
    all.put(
        "embedded key",
        signed(
            "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"eA\"}}",
            payload,
            "HmacSHA256",
            "x"));
    all.put("critical, not understood", head(h -> h.putArray("crit").add("b64")));
    all.put("critical and there", head(h -> h.put("exp", 1).putArray("crit").add("exp")));
    all.put("critical nothing", head(h -> h.putArray("crit")));
    all.put("critical null", head(h -> h.putNull("crit")));
    all.put("alg twice", signed(twice(header, "alg", "HS256"), payload, "HmacSHA256", KEY));
    all.put("alg twice, none", signed(twice(header, "alg", "none"), payload, "HmacSHA256", KEY));
    all.put("key id twice", signed(twice(header, "kid", "x"), payload, "HmacSHA256", KEY));
    all.put("role twice", signed(header, twice(payload, "role", "viewer"), "HmacSHA256", KEY));
    all.put("no expiry", claims(c -> c.remove("exp")));
    all.put("expiry a text", claims(c -> c.put("exp", "2099-01-01")));
    all.put("expiry a fraction", claims(c -> c.put("exp", 4e9 + 0.5)));
    all.put("expiry far away", claims(c -> c.put("exp", Long.MAX_VALUE)));
    all.put("expired", claims(c -> c.put("exp", Instant.now().minusSeconds(61).getEpochSecond())));
    all.put("expiry negative", claims(c -> c.put("exp", -1)));
    all.put(
        "issued later", claims(c -> c.put("iat", Instant.now().plusSeconds(90).getEpochSecond())));
    all.put("no time of issue", claims(c -> c.remove("iat")));
    all.put("not yet", claims(c -> c.put("nbf", Instant.now().plusSeconds(90).getEpochSecond())));
    all.put("no issuer", claims(c -> c.remove("iss")));
    all.put("another issuer", claims(c -> c.put("iss", "shields")));
    all.put("issuer a list", claims(c -> c.putArray("iss").add("shield")));
    all.put("no audience", claims(c -> c.remove("aud")));
    all.put("another audience", claims(c -> c.put("aud", "shield-sdk")));
    all.put("two audiences", claims(c -> c.putArray("aud").add("shield-admin").add("x")));
    all.put("audience an object", claims(c -> c.putObject("aud")));
    all.put("no id", claims(c -> c.remove("jti")));
    all.put("id a number", claims(c -> c.put("jti", 1)));
    all.put("no subject", claims(c -> c.remove("sub")));
    all.put("another subject", claims(c -> c.put("sub", "operator")));
    all.put("unknown subject", claims(c -> c.put("sub", "root")));
    all.put("no role", claims(c -> c.remove("role")));
    all.put("unknown role", claims(c -> c.put("role", "root")));
    all.put("unknown platform", claims(c -> c.put("platform", "x")));
    all.put("no credential", claims(c -> c.remove("credential")));
    all.put("another credential", claims(c -> c.put("credential", "AAAA")));
    return all;
  }

  @Test
  void noneIsLetIn() {
    Map<String, String> forgeries = forgeries();
    assertThat(forgeries).hasSizeGreaterThanOrEqualTo(40);
    assertThat(admin.send(token, "GET", "/api/auth/me", null).statusCode()).isEqualTo(200);
    assertThat(admin.send(claims(c -> {}), "GET", "/api/auth/me", null).statusCode())
        .as("made anew, unchanged")
        .isEqualTo(200);
    forgeries.forEach(
        (name, forged) -> {
          HttpResponse<String> answer = admin.send(forged, "GET", "/api/auth/me", null);
          assertThat(answer.statusCode()).as("%s: %s", name, answer.body()).isEqualTo(401);
          assertThat(answer.body()).as(name).doesNotContain("Exception", "at io.");
        });
  }
}
