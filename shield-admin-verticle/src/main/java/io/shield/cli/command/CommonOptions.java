package io.shield.cli.command;

import io.shield.cli.complete.FileNames;
import io.shield.cli.complete.TypedLine;
import io.shield.cli.config.ConfigFile;
import io.shield.cli.config.Server;
import io.shield.cli.config.SignIn;
import io.shield.cli.config.Token;
import io.shield.cli.control.ApiClient;
import io.shield.cli.control.CaFile;
import io.shield.cli.control.Control;
import io.shield.cli.control.LocalControl;
import io.shield.cli.control.RemoteControl;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.Output;
import io.shield.cli.terminal.OutputChoice;
import io.shield.cli.terminal.OutputFormat;
import io.shield.cli.terminal.Page;
import io.shield.cli.terminal.Progress;
import io.shield.cli.terminal.Surroundings;
import io.shield.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command has: what it talks to, and how it answers. */
final class CommonOptions {
  /** Names what {@code --backend} is not for, see {@link #config}. */
  private static final String ONLY =
      "only the commands for routes, global and service maintenance, rate limits, documents and the"
          + " log work on a store without a server";

  /** What says where to look. */
  private static final List<String> CONNECTION =
      List.of("--server-url", "--context", "--ca-file", "--backend", "--file", "--redis-url");

  /** Somebody waits with a finger on the key. */
  private static final String COMPLETION_TIMEOUT = "2s";

  private final Surroundings here;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      converter = FormatConverter.class,
      completionCandidates = Choices.Formats.class,
      description =
          "table, json, yaml, name, or columns=FIELD,... for a table of fields that json shows"
              + " (default: ${DEFAULT-VALUE}).")
  private OutputChoice format = new OutputChoice(OutputFormat.TABLE, List.of());

  @Option(names = "--wide", description = "Do not shorten tables to the width of the terminal.")
  private boolean wide;

  @Option(
      names = "--server-url",
      paramLabel = "URL",
      description = "The server, with the prefix Shield is mounted at.")
  private @Nullable String serverUrl;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      completionCandidates = LiveValues.Contexts.class,
      description = "The context whose server and sign-in are used.")
  private @Nullable String context;

  @Option(
      names = "--ca-file",
      paramLabel = "PATH",
      completionCandidates = FileNames.class,
      description =
          "Trust a server by these certificates (default: the context's, then SHIELD_CA_FILE).")
  private @Nullable String caFile;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "How long the whole command may take (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofSeconds(10);

  @Option(
      names = "--wait",
      description = "Go on trying while the server or store cannot be reached.")
  private boolean wait;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      completionCandidates = Choices.Backends.class,
      description = "Without a server, on its store: file or redis.")
  private @Nullable String backend;

  @Option(
      names = "--file",
      paramLabel = "PATH",
      completionCandidates = FileNames.class,
      description = "The file of --backend file.")
  private @Nullable String file;

  @Option(names = "--redis-url", paramLabel = "URL", description = "The Redis of --backend redis.")
  private @Nullable String redisUrl;

  CommonOptions(Surroundings here) {
    this.here = here;
  }

  /** Those of a line that is being typed. Nothing is remarked, and nothing waited for long. */
  static CommonOptions typed(Surroundings here, TypedLine line) {
    Typed typed = new Typed(new CommonOptions(here));
    CommandLine parser = new CommandLine(typed);
    parser.setErr(new PrintWriter(Writer.nullWriter()));
    List<String> given = new ArrayList<>();
    for (String option : CONNECTION) {
      String value = line.given(option);
      if (value != null) {
        given.add(option + "=" + value);
      }
    }
    given.add("--timeout=" + COMPLETION_TIMEOUT);
    parser.parseArgs(given.toArray(String[]::new));
    return typed.common();
  }

  /** A command of nothing but these options. */
  private record Typed(@Mixin CommonOptions common) {}

  Surroundings here() {
    return here;
  }

  Terminal terminal() {
    return here.terminal();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  Output output() {
    return new Output(
        format,
        spec.commandLine().getOut(),
        err(),
        new Page(
            terminal().out(), here.colours(), wide ? 0 : here.columns(), here.messageColumns()));
  }

  /** The configuration file, which is about servers. */
  ConfigFile config() {
    requireServer();
    return ConfigFile.read(here.home());
  }

  /** The context that was named, or the current one. */
  String contextOr(ConfigFile config) {
    return context == null ? config.current() : context;
  }

  /** Asks on the terminal; without one the flag must have been given. */
  void confirm(boolean given, String question) {
    if (!given) {
      terminal().confirm(question, "--yes", err());
    }
  }

  /** Does something through a server or on a store. */
  <T> T control(Function<Control, T> action) {
    if (!LocalStore.isMeant(backend, file, redisUrl)) {
      return server(api -> action.apply(new RemoteControl(api)));
    }
    LocalStore.Choice store = new LocalStore.Choice(backend, file, redisUrl);
    List<String> warnings = new ArrayList<>();
    T result =
        waitingFor(
            "the store",
            () -> {
              try (LocalControl control = LocalStore.open(store, here, timeout, wait)) {
                T done = action.apply(control);
                warnings.addAll(control.warnings());
                return done;
              }
            });
    warnings.forEach(output()::remark);
    return result;
  }

  /** Does something that only a server can do. */
  <T> T server(Function<ApiClient, T> action) {
    ConfigFile config = config();
    Server server = server(config);
    return server(server, token(server, config), action);
  }

  /** A client of the server, for what has no end. */
  ApiClient client() {
    ConfigFile config = config();
    Server server = server(config);
    return new ApiClient(server, token(server, config), timeout, wait, trusted(server));
  }

  /** Whom the server's certificate has to be signed by, or null for whom Java trusts. */
  private @Nullable SSLContext trusted(Server server) {
    if (caFile != null) {
      return CaFile.trust("--ca-file", here.directory().resolve(caFile));
    }
    String kept = server.caFile();
    if (kept != null) {
      return CaFile.trust("ca_file of the context " + server.context(), Path.of(kept));
    }
    String variable = here.variable("SHIELD_CA_FILE");
    return variable == null
        ? null
        : CaFile.trust("SHIELD_CA_FILE", here.directory().resolve(variable));
  }

  /** The file of {@code --ca-file}, to be kept; null if it was not given. */
  @Nullable String checkedCaFile() {
    if (caFile == null) {
      return null;
    }
    Path file = here.directory().resolve(caFile).toAbsolutePath().normalize();
    CaFile.trust("--ca-file", file);
    return file.toString();
  }

  /** When a command has to end that would go on for ever; null if nothing was said of it. */
  @Nullable Long deadline() {
    boolean given = spec.commandLine().getParseResult().hasMatchedOption("--timeout");
    return given ? System.nanoTime() + timeout.toNanos() : null;
  }

  private void requireServer() {
    if (LocalStore.isMeant(backend, file, redisUrl)) {
      throw CommandFailure.usage(
          "'" + spec.qualifiedName() + "' needs a server: " + ONLY,
          "leave out --backend, --file and --redis-url");
    }
  }

  /** Does something on a server, with a token or none. */
  <T> T server(Server server, @Nullable Token token, Function<ApiClient, T> action) {
    ApiClient api = new ApiClient(server, token, timeout, wait, trusted(server));
    T result = waitingFor(server.url(), () -> action.apply(api));
    api.warnings().forEach(output()::remark);
    return result;
  }

  /** The server that is meant. */
  Server server(ConfigFile config) {
    return Server.find(here, config, serverUrl, context);
  }

  /** What to sign in with on a server: the environment's token, or the kept one; null if none. */
  @Nullable Token token(Server server, ConfigFile config) {
    String given = here.variable(Token.VARIABLE);
    if (given != null) {
      if (!given.chars().allMatch(c -> c > ' ' && c < 127)) {
        throw CommandFailure.usage(
            "SHIELD_TOKEN: what it holds is not allowed, must be a token, without blanks or lines",
            "copy it again, or sign in with 'shield login USER'");
      }
      return new Token(given, null);
    }
    SignIn kept = server.signIn(config, Instant.now());
    return kept == null ? null : new Token(kept.token(), kept.username());
  }

  private <T> T waitingFor(String what, Supplier<T> something) {
    return Progress.during(err(), terminal().err(), what, something);
  }
}
