package io.shield.impl.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.json.Fields;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook's requests are signed with, as Standard Webhooks has it.
 *
 * @param current the secret as text
 * @param previous the one before, or null
 * @param previousUntil until when it is used as well, or null
 */
record Secret(String current, @Nullable String previous, @Nullable Instant previousUntil) {
  private static final String PREFIX = "whsec_";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MIN_BYTES = 24;
  private static final int MAX_BYTES = 64;
  private static final Duration OVERLAP = Duration.ofDays(1);

  /** Its base64 needs no padding: not every verifier takes that. */
  private static final int MADE_BYTES = 24;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Makes one. */
  static String make() {
    byte[] bytes = new byte[MADE_BYTES];
    RANDOM.nextBytes(bytes);
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  static Secret of(String text) {
    check("secret", text);
    return new Secret(text, null, null);
  }

  /** Refuses what is no secret, without showing it. */
  static String check(String field, String text) {
    boolean good = false;
    try {
      byte[] key = text.startsWith(PREFIX) ? key(text) : new byte[0];
      good =
          key.length >= MIN_BYTES
              && key.length <= MAX_BYTES
              && text.equals(PREFIX + Base64.getEncoder().encodeToString(key));
    } catch (IllegalArgumentException notBase64) {
      // told below
    }
    if (!good) {
      throw new InvalidValueException(
          field,
          "what it holds",
          "'whsec_' and 24 to 64 bytes in base64 with padding; 'openssl rand -base64 24' makes"
              + " such bytes");
    }
    return text;
  }

  private static byte[] key(String text) {
    return Base64.getDecoder().decode(text.substring(PREFIX.length()));
  }

  /** With a new one; the old one goes on for a day. */
  Secret rotated(String next, Instant now) {
    return new Secret(next, current, now.plus(OVERLAP));
  }

  /** The header: one signature, or two while a secret is replaced. */
  String sign(String id, long timestamp, String body, Instant now) {
    String signed = id + "." + timestamp + "." + body;
    boolean both = previous != null && previousUntil != null && now.isBefore(previousUntil);
    String own = "v1," + mac(current, signed);
    return both ? own + " v1," + mac(String.valueOf(previous), signed) : own;
  }

  private static String mac(String secret, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key(secret), ALGORITHM));
      byte[] bytes = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("current", current);
    node.put("previous", previous);
    node.put("previous_until", previousUntil == null ? null : previousUntil.toString());
    return node;
  }

  static Secret read(JsonNode json) {
    Fields in = Fields.of("secret", json);
    return new Secret(
        check("secret", in.required("current")), in.string("previous"), in.time("previous_until"));
  }

  /** Not what it holds: it must not get into a log. */
  @Override
  public String toString() {
    return "Secret";
  }
}
