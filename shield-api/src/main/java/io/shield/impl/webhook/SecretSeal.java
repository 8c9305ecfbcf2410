package io.shield.impl.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How the secrets of webhooks are stored: encrypted (AES-256-GCM) where there is a secret key, as
 * they are where there is none. The key of the encryption is derived from the secret key (HKDF with
 * SHA-256, RFC 5869), so that nothing is signed and encrypted with the same one. Thread-safe.
 */
final class SecretSeal {
  private static final String KEY = "SHIELD_SECRET_KEY";
  private static final String PREVIOUS = "SHIELD_SECRET_KEY_PREVIOUS";
  private static final String SEALED = "sealed";
  private static final String HMAC = "HmacSHA256";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final byte[] PURPOSE = "shield webhook secrets".getBytes(StandardCharsets.UTF_8);
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The current key, then the previous one. */
  private final List<SecretKeySpec> keys = new ArrayList<>();

  /**
   * With the keys that are configured.
   *
   * @param settings what is configured under the name of a variable
   */
  SecretSeal(Function<String, @Nullable String> settings) {
    Stream.of(KEY, PREVIOUS)
        .flatMap(name -> Stream.ofNullable(settings.apply(name)))
        .forEach(key -> keys.add(derived(key)));
  }

  /** What is stored under a document's name. */
  JsonNode close(String document, Secret secret) {
    if (keys.isEmpty()) {
      return secret.json();
    }
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(Cipher.ENCRYPT_MODE, keys.get(0), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(document.getBytes(StandardCharsets.UTF_8));
      byte[] text = cipher.doFinal(ShieldJson.text(secret.json()).getBytes(StandardCharsets.UTF_8));
      byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + text.length);
      System.arraycopy(text, 0, all, NONCE_BYTES, text.length);
      return JsonNodeFactory.instance
          .objectNode()
          .put(SEALED, Base64.getEncoder().encodeToString(all));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES with GCM", e);
    }
  }

  /**
   * The secret that is stored under a document's name.
   *
   * @throws InvalidValueException if it was stored with a key that is not known here
   */
  Secret open(String document, JsonNode stored) {
    JsonNode sealed = stored.path(SEALED);
    if (sealed.isMissingNode()) {
      return Secret.read(stored);
    }
    byte[] all = bytes(sealed.asText());
    for (SecretKeySpec key : keys) {
      byte[] text = opened(key, document, all);
      if (text != null) {
        return Secret.read(ShieldJson.parse("secret", new String(text, StandardCharsets.UTF_8)));
      }
    }
    throw new InvalidValueException(
        KEY,
        keys.isEmpty() ? "not set" : "another key",
        "the one with which the secret of this webhook was stored; 'webhook rotate' makes another"
            + " secret");
  }

  private static byte[] bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notOurs) {
      return new byte[0];
    }
  }

  private static byte @Nullable [] opened(SecretKeySpec key, String document, byte[] all) {
    if (all.length <= NONCE_BYTES) {
      return null;
    }
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, all, 0, NONCE_BYTES));
      cipher.updateAAD(document.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
    } catch (AEADBadTagException anotherKey) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES with GCM", e);
    }
  }

  private static SecretKeySpec derived(String secretKey) {
    byte[] noSalt = new byte[32];
    byte[] extracted = mac(noSalt, secretKey.getBytes(StandardCharsets.UTF_8));
    byte[] info = Arrays.copyOf(PURPOSE, PURPOSE.length + 1);
    info[PURPOSE.length] = 1;
    return new SecretKeySpec(mac(extracted, info), "AES");
  }

  private static byte[] mac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }
}
