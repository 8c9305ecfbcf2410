package io.shield.admin.impl;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What is derived from the secret key. */
final class Secrets {
  private static final int BYTES = 16;

  private Secrets() {}

  /** 128 bits of HMAC-SHA-256 (RFC 2104), in base64url. */
  static String fingerprint(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] all = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(all, BYTES));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      // Every Java platform has it, and takes keys of any length.
      throw new IllegalStateException(e);
    }
  }
}
