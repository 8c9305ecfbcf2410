package io.shield.cli.config;

import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.Surroundings;
import io.shield.internal.DotShield;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The server a command talks to.
 *
 * @param url its address with the prefix it is mounted at, without a slash at the end
 * @param source where the address was found
 * @param context the context whose sign-in is used
 * @param caFile the file with whom that context trusts, if the address is its own; else null
 */
public record Server(String url, String source, String context, @Nullable String caFile) {
  /** The address when none is configured: {@value}. */
  public static final String DEFAULT_URL = "http://localhost:8080/shield";

  private static final String VARIABLE = "SHIELD_SERVER_URL";

  /**
   * Finds the server: the option, a named context, the environment, a {@code .shield} file, the
   * current context, the default; the first that says something.
   *
   * @param option the value of {@code --server-url}, or null
   * @param named the value of {@code --context}, or null
   */
  public static Server find(
      Surroundings here, ConfigFile config, @Nullable String option, @Nullable String named) {
    String context = named == null ? config.current() : named;
    if (named != null && !config.has(named)) {
      throw CommandFailure.usage(
          "--context: '"
              + named
              + "' is not a context, must be one of "
              + String.join(", ", config.contexts()),
          "make it with 'shield config set-url URL --context " + named + "'");
    }
    String kept = config.url(context);
    if (option != null) {
      return of(checked("--server-url", option), "--server-url", context, config);
    }
    if (named != null && kept != null) {
      return of(checked("the context " + named, kept), "context " + named, context, config);
    }
    String variable = here.variable(VARIABLE);
    if (variable != null) {
      return of(checked(VARIABLE, variable), "environment " + VARIABLE, context, config);
    }
    String dotShield = DotShield.find(here.directory()).get(VARIABLE);
    if (dotShield != null && !dotShield.isBlank()) {
      return of(checked(VARIABLE + " in .shield", dotShield), ".shield", context, config);
    }
    return kept == null
        ? of(DEFAULT_URL, "default", context, config)
        : of(checked(config.path().toString(), kept), "context " + context, context, config);
  }

  private static Server of(String url, String source, String context, ConfigFile config) {
    String caFile = url.equals(config.url(context)) ? config.caFile(context) : null;
    return new Server(url, source, context, caFile);
  }

  /**
   * Checks an address.
   *
   * @param what names it in the message
   * @return it, without a slash at the end
   */
  public static String checked(String what, String url) {
    String text = url.strip();
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("http") || scheme.equals("https");
      boolean plain =
          uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
      if (web && plain && uri.getHost() != null && uri.getPort() <= 65_535) {
        return text;
      }
    } catch (URISyntaxException e) {
      // Told below, with what is allowed.
    }
    throw CommandFailure.usage(
        what + ": '" + url + "' is not allowed, must be like " + DEFAULT_URL, "");
  }

  /** Where the address was found, as a part of a sentence. */
  public String origin() {
    return switch (source) {
      case "default" -> "the address is the default, as none is configured";
      case ".shield" -> "the address is that of " + VARIABLE + " in the file .shield";
      default ->
          "the address is that of " + source.replaceFirst("^(environment|context)", "the $1");
    };
  }

  /** What to try if nothing of Shield is found there, or empty: only what has no path lacks one. */
  public String prefixHint() {
    String path = URI.create(url).getPath();
    return path == null || path.isEmpty()
        ? "the API may lie below a prefix, as in " + url + "/shield"
        : "";
  }

  /** The kept sign-in to send, or null: none on this server is kept, or it has ended. */
  public @Nullable SignIn signIn(ConfigFile config, Instant now) {
    SignIn kept = config.signIn(context, url);
    return kept != null && !kept.isOver(now) ? kept : null;
  }

  /** The sign-ins of the context on other servers that have not ended: {@code ann at URL}. */
  public List<String> otherSignIns(ConfigFile config, Instant now) {
    return config.signIns(context).stream()
        .filter(kept -> !url.equals(kept.serverUrl()) && !kept.isOver(now))
        .map(kept -> kept.username() + " at " + kept.serverUrl())
        .toList();
  }

  /** Whether what is sent can be read on the way: plain HTTP to another machine. */
  public boolean isOpenToReaders() {
    URI uri = URI.create(url);
    if (!"http".equalsIgnoreCase(uri.getScheme())) {
      return false;
    }
    try {
      return !InetAddress.getByName(uri.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return true;
    }
  }
}
