package io.shield.admin;

import io.shield.error.InvalidValueException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@link AdminOptions} as JSON. */
final class AdminOptionsJson {
  private static final Set<String> FIELDS =
      Set.of(
          "host",
          "port",
          "users",
          "accounts",
          "credentialsFile",
          "openToNetwork",
          "reasonRequired",
          "metricsPublic",
          "sseKeepalive",
          "secretKey",
          "previousSecretKey",
          "tokenLifetime",
          "sdkTokenLifetime",
          "tokenLeeway",
          "tlsCert",
          "tlsKey",
          "tlsKeyStore",
          "tlsKeyStorePassword");

  private AdminOptionsJson() {}

  static void read(JsonObject json, AdminOptions into) {
    for (String field : json.fieldNames()) {
      if (!FIELDS.contains(field)) {
        throw new InvalidValueException(
            "options", field, "one of " + String.join(", ", new TreeSet<>(FIELDS)));
      }
      Object value = json.getValue(field);
      if (value != null) {
        read(field, value, into);
      }
    }
    readTls(json, into);
  }

  private static void read(String field, Object value, AdminOptions into) {
    switch (field) {
      case "host" -> into.setHost(text(field, value));
      case "port" -> into.setPort(whole(field, value));
      case "users" -> objects(field, value).forEach(user -> readUser(user, into));
      case "accounts" -> objects(field, value).forEach(account -> readAccount(account, into));
      case "credentialsFile" -> into.setCredentialsFile(text(field, value));
      case "openToNetwork" -> into.setOpenToNetwork(flag(field, value));
      case "reasonRequired" -> into.setReasonRequired(flag(field, value));
      case "metricsPublic" -> into.setMetricsPublic(flag(field, value));
      case "sseKeepalive" -> into.setSseKeepalive(seconds(field, value));
      case "secretKey" -> into.setSecretKey(text(field, value));
      case "previousSecretKey" -> into.setPreviousSecretKey(text(field, value));
      case "tokenLifetime" -> into.setTokenLifetime(seconds(field, value));
      case "sdkTokenLifetime" -> into.setSdkTokenLifetime(seconds(field, value));
      case "tokenLeeway" -> into.setTokenLeeway(seconds(field, value));
      default -> {
        // What is needed for TLS comes in pairs.
      }
    }
  }

  private static void readTls(JsonObject json, AdminOptions into) {
    if (json.getValue("tlsCert") != null || json.getValue("tlsKey") != null) {
      into.setTlsPem(
          text("tlsCert", json.getValue("tlsCert")), text("tlsKey", json.getValue("tlsKey")));
    }
    if (json.getValue("tlsKeyStore") != null || json.getValue("tlsKeyStorePassword") != null) {
      into.setTlsKeyStore(
          text("tlsKeyStore", json.getValue("tlsKeyStore")),
          text("tlsKeyStorePassword", json.getValue("tlsKeyStorePassword")));
    }
  }

  private static void readUser(JsonObject user, AdminOptions into) {
    into.addUser(
        text("username", user.getValue("username")),
        text("password", user.getValue("password")),
        Role.parse(text("role", user.getValue("role"))));
  }

  private static void readAccount(JsonObject account, AdminOptions into) {
    into.addAccount(
        new Account(
            text("username", account.getValue("username")),
            text("passwordHash", account.getValue("passwordHash")),
            Role.parse(text("role", account.getValue("role")))));
  }

  /** The message does not show the value: it may be a secret. */
  private static String text(String field, @Nullable Object value) {
    if (!(value instanceof String text)) {
      String what = value == null ? "null" : "a " + value.getClass().getSimpleName();
      throw new InvalidValueException(field, what, "a string");
    }
    return text;
  }

  private static boolean flag(String field, Object value) {
    if (!(value instanceof Boolean flag)) {
      throw new InvalidValueException(field, value, "true or false");
    }
    return flag;
  }

  private static int whole(String field, Object value) {
    if (!(value instanceof Integer number)) {
      throw new InvalidValueException(field, value, "a whole number");
    }
    return number;
  }

  private static Duration seconds(String field, Object value) {
    return Duration.ofSeconds(whole(field, value));
  }

  private static List<JsonObject> objects(String field, Object value) {
    List<JsonObject> objects = new ArrayList<>();
    if (value instanceof JsonArray array) {
      array.stream().filter(JsonObject.class::isInstance).forEach(o -> objects.add((JsonObject) o));
      if (objects.size() == array.size()) {
        return objects;
      }
    }
    throw new InvalidValueException(field, "another value", "a list of objects");
  }

  static JsonObject write(AdminOptions from) {
    JsonObject json = new JsonObject();
    putIfSet(json, "host", from.getHost());
    putIfSet(json, "port", from.getPort());
    JsonArray users = new JsonArray();
    from.getUsers()
        .forEach(u -> users.add(json(u.username(), u.role()).put("password", u.password())));
    JsonArray accounts = new JsonArray();
    from.getAccounts()
        .forEach(
            a -> accounts.add(json(a.username(), a.role()).put("passwordHash", a.passwordHash())));
    putIfSet(json, "users", users.isEmpty() ? null : users);
    putIfSet(json, "accounts", accounts.isEmpty() ? null : accounts);
    putIfSet(json, "credentialsFile", from.getCredentialsFile());
    putIfSet(json, "openToNetwork", from.getOpenToNetwork());
    putIfSet(json, "reasonRequired", from.getReasonRequired());
    putIfSet(json, "metricsPublic", from.getMetricsPublic());
    Duration keepalive = from.getSseKeepalive();
    putIfSet(json, "sseKeepalive", keepalive == null ? null : (int) keepalive.toSeconds());
    putIfSet(json, "secretKey", from.getSecretKey());
    putIfSet(json, "previousSecretKey", from.getPreviousSecretKey());
    putIfSet(json, "tlsCert", from.getTlsCert());
    putIfSet(json, "tlsKey", from.getTlsKey());
    putIfSet(json, "tlsKeyStore", from.getTlsKeyStore());
    putIfSet(json, "tlsKeyStorePassword", from.getTlsKeyStorePassword());
    return json.put("tokenLifetime", (int) from.getTokenLifetime().toSeconds())
        .put("sdkTokenLifetime", (int) from.getSdkTokenLifetime().toSeconds())
        .put("tokenLeeway", (int) from.getTokenLeeway().toSeconds());
  }

  private static JsonObject json(String username, Role role) {
    return new JsonObject().put("username", username).put("role", role.wireName());
  }

  private static void putIfSet(JsonObject json, String field, @Nullable Object value) {
    if (value != null) {
      json.put(field, value);
    }
  }
}
