package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.admin.AdminOptions;
import io.shield.admin.Role;
import io.shield.error.InvalidValueException;
import io.shield.internal.value.LogText;
import io.shield.json.ShieldJson;
import io.shield.model.audit.Platform;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issues and verifies tokens: JSON Web Tokens (RFC 7519), always signed with HMAC-SHA-256.
 *
 * <p>The library checks signature, issuer and audience. It accepts a token without expiry, so
 * everything else is checked here. Whether a token was revoked is not known here. Thread-safe.
 */
final class Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
  private static final String ALGORITHM = "HS256";
  private static final String ISSUER = "shield";
  private static final String AUDIENCE = "shield-admin";
  private static final int MAX_TOKEN_LENGTH = 4096;

  /**
   * A new token.
   *
   * @param token its text
   * @param principal whom it makes known
   */
  record Issued(String token, Principal principal) {}

  private final InstantSource clock;
  private final Duration leeway;
  private final List<byte[]> keys;
  private final JWTAuth signer;
  private final JWTAuth verifier;

  Tokens(Vertx vertx, AdminOptions options, InstantSource clock) {
    this.clock = clock;
    this.leeway = options.getTokenLeeway();
    String given = options.getSecretKey();
    if (given == null) {
      LOG.info("SHIELD_SECRET_KEY is not set: tokens end with this process");
    }
    byte[] key = given == null ? randomKey() : given.getBytes(StandardCharsets.UTF_8);
    String previous = options.getPreviousSecretKey();
    this.keys =
        previous == null ? List.of(key) : List.of(key, previous.getBytes(StandardCharsets.UTF_8));
    this.signer = JWTAuth.create(vertx, options(List.of(key)));
    // Apart from the signer, because the library signs with any of its keys.
    this.verifier = JWTAuth.create(vertx, options(keys));
  }

  private static byte[] randomKey() {
    byte[] key = new byte[AdminOptions.MIN_SECRET_KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return key;
  }

  private static JWTAuthOptions options(List<byte[]> keys) {
    // Expiry is checked below, by the engine's clock and with its presence.
    JWTOptions checks =
        new JWTOptions().setIssuer(ISSUER).setAudience(List.of(AUDIENCE)).setIgnoreExpiration(true);
    JWTAuthOptions options = new JWTAuthOptions().setJWTOptions(checks);
    keys.forEach(
        bytes ->
            options.addPubSecKey(
                new PubSecKeyOptions()
                    .setAlgorithm(ALGORITHM)
                    .setId(Secrets.fingerprint(bytes, "key id"))
                    .setBuffer(Buffer.buffer(bytes))));
    return options;
  }

  /**
   * The fingerprints of credentials by the key and the previous one, the key's first: when the
   * credentials change, tokens that carry another one end.
   */
  List<String> fingerprints(String credentials) {
    return keys.stream().map(key -> Secrets.fingerprint(key, credentials)).toList();
  }

  Issued issue(
      String name,
      Role role,
      Platform platform,
      @Nullable String service,
      String credential,
      @Nullable String program,
      Duration lifetime) {
    Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
    Instant expiresAt = now.plus(lifetime);
    String id = UUID.randomUUID().toString();
    JsonObject claims =
        new JsonObject()
            .put("sub", name)
            .put("role", role.wireName())
            .put("platform", platform.wireName())
            .put("credential", credential)
            .put("jti", id)
            .put("iat", now.getEpochSecond())
            .put("exp", expiresAt.getEpochSecond());
    if (service != null) {
      claims.put("service", service);
    }
    if (program != null) {
      claims.put("program", program);
    }
    JWTOptions options =
        new JWTOptions().setAlgorithm(ALGORITHM).setIssuer(ISSUER).setAudience(List.of(AUDIENCE));
    return new Issued(
        signer.generateToken(claims, options),
        new Principal(name, role, platform, service, id, expiresAt, credential, program));
  }

  /** What a token says; fails as unauthenticated if it is not a valid one of ours. */
  Future<Principal> verify(String token) {
    if (!isCompact(token)) {
      return Future.failedFuture(RefusedException.unauthenticated());
    }
    try {
      return verifier
          .authenticate(new TokenCredentials(token))
          .map(user -> verified(token, user))
          .recover(Tokens::invalid);
    } catch (RuntimeException malformed) {
      // The library casts claims it has not looked at.
      return invalid(malformed);
    }
  }

  /** Three parts in the alphabet of base64url (RFC 7515, section 7.1), each written in one way. */
  private static boolean isCompact(String token) {
    String[] parts = token.split("\\.", -1);
    return token.length() <= MAX_TOKEN_LENGTH
        && parts.length == 3
        && Stream.of(parts).allMatch(Tokens::isCanonical);
  }

  private static boolean isCanonical(String part) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(part);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  /**
   * The library reads the last of repeated members and takes no notice of {@code crit}: such a
   * token means one thing here and another thing elsewhere (RFC 7515, sections 4 and 4.1.11; RFC
   * 7519, section 4). No extension is understood here, so none may be critical.
   */
  private static void checkParts(String token) {
    String[] parts = token.split("\\.", -1);
    JsonNode header = json("header", parts[0]);
    json("claims", parts[1]);
    if (header.has("crit")) {
      throw new InvalidValueException("crit", header.get("crit"), "left out");
    }
  }

  private static JsonNode json(String what, String part) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(part));
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return ShieldJson.parseStrictly(what, text);
    } catch (CharacterCodingException e) {
      throw new InvalidValueException(what, "another encoding", "JSON in UTF-8");
    }
  }

  private static <T> Future<T> invalid(Throwable reason) {
    LOG.debug("A token was refused: {}", LogText.of(String.valueOf(reason.getMessage())));
    return Future.failedFuture(RefusedException.unauthenticated());
  }

  private Principal verified(String token, User user) {
    checkParts(token);
    JsonObject claims = user.attributes().getJsonObject("accessToken");
    Instant issuedAt = time(claims, "iat");
    Instant expiresAt = time(claims, "exp");
    Instant now = clock.instant();
    if (!now.isBefore(expiresAt.plus(leeway)) || issuedAt.isAfter(now.plus(leeway))) {
      throw new InvalidValueException("exp", expiresAt, "of a token that is valid now");
    }
    if (claims.containsKey("nbf") && time(claims, "nbf").isAfter(now.plus(leeway))) {
      throw new InvalidValueException("nbf", claims.getValue("nbf"), "of a token valid now");
    }
    if (claims.getValue("aud") instanceof JsonArray) {
      throw new InvalidValueException("aud", "several", AUDIENCE);
    }
    return new Principal(
        text(claims, "sub"),
        Role.parse(text(claims, "role")),
        Platform.parse(text(claims, "platform")),
        claims.containsKey("service") ? text(claims, "service") : null,
        text(claims, "jti"),
        expiresAt,
        text(claims, "credential"),
        claims.containsKey("program") ? text(claims, "program") : null);
  }

  private static Instant time(JsonObject claims, String name) {
    Object value = claims.getValue(name);
    if (!(value instanceof Integer || value instanceof Long)) {
      throw new InvalidValueException(name, String.valueOf(value), "a whole number of seconds");
    }
    long seconds = ((Number) value).longValue();
    if (seconds < 0 || seconds > MAX_SECONDS) {
      throw new InvalidValueException(name, seconds, "between 0 and " + MAX_SECONDS);
    }
    return Instant.ofEpochSecond(seconds);
  }

  /** The year 9999. */
  private static final long MAX_SECONDS = 253_402_300_799L;

  private static String text(JsonObject claims, String name) {
    Object value = claims.getValue(name);
    if (!(value instanceof String text) || text.isBlank()) {
      throw new InvalidValueException(name, String.valueOf(value), "a string");
    }
    return text;
  }
}
