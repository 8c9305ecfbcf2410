package io.shield.admin;

import io.shield.internal.JsonOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@link AdminOptions} as JSON. */
final class AdminOptionsJson {
  private static final List<String> FIELDS =
      List.of(
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

  private static final List<String> USER = List.of("username", "password", "role");
  private static final List<String> ACCOUNT = List.of("username", "passwordHash", "role");

  private AdminOptionsJson() {}

  static void read(JsonObject json, AdminOptions into) {
    JsonOptions in = new JsonOptions(json).only(FIELDS);
    for (String field : json.fieldNames()) {
      if (isSet(json, field)) {
        read(field, in, into);
      }
    }
    readTls(json, into);
  }

  private static void read(String field, JsonOptions in, AdminOptions into) {
    switch (field) {
      case "host" -> into.setHost(in.text(field));
      case "port" -> into.setPort(in.number(field));
      case "users" -> in.objects(field).forEach(user -> readUser(user, into));
      case "accounts" -> in.objects(field).forEach(account -> readAccount(account, into));
      case "credentialsFile" -> into.setCredentialsFile(in.text(field));
      case "openToNetwork" -> into.setOpenToNetwork(in.flag(field));
      case "reasonRequired" -> into.setReasonRequired(in.flag(field));
      case "metricsPublic" -> into.setMetricsPublic(in.flag(field));
      case "sseKeepalive" -> into.setSseKeepalive(seconds(in, field));
      case "secretKey" -> into.setSecretKey(in.secret(field));
      case "previousSecretKey" -> into.setPreviousSecretKey(in.secret(field));
      case "tokenLifetime" -> into.setTokenLifetime(seconds(in, field));
      case "sdkTokenLifetime" -> into.setSdkTokenLifetime(seconds(in, field));
      case "tokenLeeway" -> into.setTokenLeeway(seconds(in, field));
      default -> {
        // What is needed for TLS comes in pairs.
      }
    }
  }

  private static void readTls(JsonObject json, AdminOptions into) {
    JsonOptions in = new JsonOptions(json);
    if (isSet(json, "tlsCert") || isSet(json, "tlsKey")) {
      into.setTlsPem(in.text("tlsCert"), in.text("tlsKey"));
    }
    if (isSet(json, "tlsKeyStore") || isSet(json, "tlsKeyStorePassword")) {
      into.setTlsKeyStore(in.text("tlsKeyStore"), in.secret("tlsKeyStorePassword"));
    }
  }

  private static boolean isSet(JsonObject json, String field) {
    return json.getValue(field) != null;
  }

  private static void readUser(JsonObject user, AdminOptions into) {
    JsonOptions in = new JsonOptions(user).only(USER);
    into.addUser(in.text("username"), in.secret("password"), Role.parse(in.text("role")));
  }

  private static void readAccount(JsonObject account, AdminOptions into) {
    JsonOptions in = new JsonOptions(account).only(ACCOUNT);
    into.addAccount(
        new Account(in.text("username"), in.secret("passwordHash"), Role.parse(in.text("role"))));
  }

  private static Duration seconds(JsonOptions in, String field) {
    return Duration.ofSeconds(in.number(field));
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
