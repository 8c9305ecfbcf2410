package io.shield.backend.redis.impl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Lua script and the digest by which Redis knows it. */
enum Script {
  HEAD("common", "head"),
  LOAD("common", "rows", "opened", "load"),
  PAGE("common", "rows", "opened", "page"),
  RECENT("common", "opened", "recent"),
  COMMIT("common", "commit"),
  BEGIN("common", "begin"),
  PERMIT("common", "permit"),
  RENEW("common", "renew"),
  SCAN("common", "scan"),
  DESCENT("common", "descent"),
  CHARGE("counters", "charge"),
  REFUND("counters", "refund");

  private final String text;
  private final String sha1;

  /**
   * @param parts what it consists of; all but the last are shared by several
   */
  Script(String... parts) {
    text = Stream.of(parts).map(Script::resource).collect(Collectors.joining());
    sha1 = digest(text);
  }

  private static String resource(String name) {
    String file = name + ".lua";
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + file + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
  }

  String text() {
    return text;
  }

  String sha1() {
    return sha1;
  }
}
