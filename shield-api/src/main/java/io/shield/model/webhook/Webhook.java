package io.shield.model.webhook;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import io.shield.model.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of changes, and how.
 *
 * @param name 1 to 60 lower-case letters, digits, dots, dashes and underscores
 * @param url where requests go: http or https, without user name and fragment, at most 2048
 *     characters
 * @param format {@link #DEFAULT_FORMAT}, {@link #SLACK_FORMAT} or the name of a formatter that code
 *     adds
 * @param events the actions it is told of, as the audit log has them, at most 1000; empty for all
 * @param secretEnv the environment variable that holds the secret requests are signed with, or null
 *     if the store does, or if there is none
 * @param enabled whether it is told anything
 * @param problem why Shield itself disabled it, or null
 * @param origin whether code, the environment included, or a person at run time decided
 * @param version the revision of the commit that last wrote it; 0 before its first commit
 */
public record Webhook(
    String name,
    String url,
    String format,
    List<String> events,
    @Nullable String secretEnv,
    boolean enabled,
    @Nullable String problem,
    Origin origin,
    long version) {
  /** The payload of api-shield. */
  public static final String DEFAULT_FORMAT = "default";

  /** A message for Slack's incoming webhooks. */
  public static final String SLACK_FORMAT = "slack";

  private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,60}");
  private static final Pattern ENV = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");

  public Webhook {
    checkName("name", name);
    checkUrl(url);
    checkName("format", format);
    events = Checks.names("events", events, 1000, 100);
    if (secretEnv != null && !ENV.matcher(secretEnv).matches()) {
      throw new InvalidValueException(
          "secret_env", secretEnv, "the name of an environment variable");
    }
    Checks.optionalLine("problem", problem, 200);
    Objects.requireNonNull(origin, "origin");
    Checks.atLeast("version", version, 0);
  }

  /** One that is told of everything in the default format. */
  public static Webhook of(String name, String url) {
    return new Webhook(name, url, DEFAULT_FORMAT, List.of(), null, true, null, Origin.RUNTIME, 0);
  }

  /**
   * Checks a webhook's name.
   *
   * @throws InvalidValueException if it is none
   */
  public static String checkName(String field, String name) {
    Objects.requireNonNull(name, field);
    if (!NAME.matcher(name).matches()) {
      throw new InvalidValueException(
          field, name, "1 to 60 lower-case letters, digits, dots, dashes and underscores");
    }
    return name;
  }

  private static void checkUrl(String url) {
    Checks.nonEmptyLine("url", url, 2048);
    try {
      URI uri = new URI(url);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("http") || scheme.equals("https");
      boolean port = uri.getPort() >= -1 && uri.getPort() <= 65535 && uri.getPort() != 0;
      boolean plain = uri.getRawUserInfo() == null && uri.getRawFragment() == null;
      if (web && port && plain && uri.getHost() != null) {
        return;
      }
    } catch (URISyntaxException notOne) {
      // told below
    }
    throw new InvalidValueException(
        "url", url, "an address with http or https, without user name and fragment");
  }

  /** Whether it is told of an action. */
  public boolean wants(String action) {
    return enabled && (events.isEmpty() || events.contains(action));
  }

  /** The same with another format. */
  public Webhook withFormat(String value) {
    return new Webhook(name, url, value, events, secretEnv, enabled, problem, origin, version);
  }

  /** The same, told of these actions only. */
  public Webhook withEvents(List<String> value) {
    return new Webhook(name, url, format, value, secretEnv, enabled, problem, origin, version);
  }

  /** The same, its secret in an environment variable. */
  public Webhook withSecretEnv(@Nullable String value) {
    return new Webhook(name, url, format, events, value, enabled, problem, origin, version);
  }

  /** The same, enabled or not. */
  public Webhook withEnabled(boolean value, @Nullable String why) {
    return new Webhook(name, url, format, events, secretEnv, value, why, origin, version);
  }

  /** The same, decided by code or at run time. */
  public Webhook withOrigin(Origin value) {
    return new Webhook(name, url, format, events, secretEnv, enabled, problem, value, version);
  }

  /** The same as the commit of the given revision wrote it. */
  public Webhook withVersion(long revision) {
    return new Webhook(name, url, format, events, secretEnv, enabled, problem, origin, revision);
  }
}
