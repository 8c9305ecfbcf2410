package io.shield.cli;

import io.shield.cli.command.ApplyCommand;
import io.shield.cli.command.ClientsCommand;
import io.shield.cli.command.CompleteCommand;
import io.shield.cli.command.CompletionCommand;
import io.shield.cli.command.ConfigCommand;
import io.shield.cli.command.CurrentServiceCommand;
import io.shield.cli.command.DiffCommand;
import io.shield.cli.command.EnvCommand;
import io.shield.cli.command.ExplainCommand;
import io.shield.cli.command.ExportCommand;
import io.shield.cli.command.ForgetCommand;
import io.shield.cli.command.GlobalCommand;
import io.shield.cli.command.GlobalRateLimitCommand;
import io.shield.cli.command.HashPasswordCommand;
import io.shield.cli.command.LogCommand;
import io.shield.cli.command.LoginCommand;
import io.shield.cli.command.LogoutCommand;
import io.shield.cli.command.Mixins;
import io.shield.cli.command.RateLimitsCommand;
import io.shield.cli.command.RouteCommands;
import io.shield.cli.command.ServiceMaintenanceCommand;
import io.shield.cli.command.ServiceRateLimitCommand;
import io.shield.cli.command.ServicesCommand;
import io.shield.cli.command.StatusCommand;
import io.shield.cli.command.StoreCommand;
import io.shield.cli.command.TokenCommand;
import io.shield.cli.command.VersionCommand;
import io.shield.cli.command.WatchCommand;
import io.shield.cli.command.WebhookCommand;
import io.shield.cli.terminal.Surroundings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * All commands, in groups as the help shows them. Only those that an argument names are made, the
 * others are a name with a line of help: reading the options of all of them would take longer than
 * most commands do.
 *
 * <p>A new command belongs to the group of its subject.
 */
final class CommandTree {
  /**
   * A command.
   *
   * @param names its name and its other names
   * @param summary what it does, in one sentence
   */
  private record Entry(List<String> names, String summary) {}

  private static final Map<String, List<Entry>> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put(
        "Server and sign-in",
        List.of(
            entry("Signs in and keeps the token.", "login"),
            entry("Ends the sign-in.", "logout"),
            entry("Shows and sets servers and contexts.", "config")));
    GROUPS.put(
        "One route",
        List.of(
            entry("Shows all routes, or one.", "status"),
            entry("Serves a route again.", "enable"),
            entry("Switches a route off.", "disable"),
            entry("Closes a route, now or as planned.", "maintenance"),
            entry("Plans a maintenance of a route.", "schedule"),
            entry("Opens a route in some environments.", "env"),
            entry("Marks a route as deprecated.", "deprecate"),
            entry("Lets some callers pass a closed route.", "canary"),
            entry("Forgets a route that is gone.", "forget"),
            entry("Shows what a request gets, and why.", "explain")));
    GROUPS.put(
        "All routes, or those of a service",
        List.of(
            entry("Closes and opens all routes.", "global"),
            entry("Closes and opens a service.", "service-maintenance", "sm"),
            entry("Lists the services.", "services"),
            entry("Shows which services are connected.", "clients"),
            entry("Shows the service in use.", "current-service")));
    GROUPS.put(
        "Rate limits",
        List.of(
            entry("Of a route.", "rate-limits", "rl"),
            entry("Of all routes together.", "global-rate-limit", "grl"),
            entry("Of a service.", "service-rate-limit", "srl")));
    GROUPS.put(
        "Everything at once",
        List.of(
            entry("Writes what is configured as a document.", "export"),
            entry("Shows how a document differs from it.", "diff"),
            entry("Brings a document into force.", "apply")));
    GROUPS.put(
        "What happens",
        List.of(
            entry("Shows the audit log.", "log", "audit"),
            entry("Shows changes as they come.", "watch"),
            entry("Says who else is told of them.", "webhook")));
    GROUPS.put(
        "Servers and tools",
        List.of(
            entry("Serves a control plane for many services.", "serve"),
            entry("Serves a small API to try it on.", "demo"),
            entry("Shows and mends the server's store.", "store"),
            entry("Issues, lists and revokes tokens.", "token"),
            entry("Hashes a password for a file.", "hash-password"),
            entry("Shows the versions of command and server.", "version"),
            entry("Lets your shell complete it.", "completion")));
  }

  private CommandTree() {}

  private static Entry entry(String summary, String... names) {
    return new Entry(List.of(names), summary);
  }

  /** Makes a command of the list above. */
  private static Object make(String name, Surroundings here) {
    return switch (name) {
      case "login" -> new LoginCommand(here);
      case "logout" -> new LogoutCommand(here);
      case "config" -> new ConfigCommand();
      case "status" -> new StatusCommand(here);
      case "enable" -> new RouteCommands.Enable(here);
      case "disable" -> new RouteCommands.Disable(here);
      case "maintenance" -> new RouteCommands.Maintenance(here);
      case "schedule" -> new RouteCommands.Schedule(here);
      case "env" -> new EnvCommand();
      case "deprecate" -> new RouteCommands.Deprecate(here);
      case "canary" -> new RouteCommands.Canary(here);
      case "forget" -> new ForgetCommand(here);
      case "explain" -> new ExplainCommand(here);
      case "global" -> new GlobalCommand();
      case "service-maintenance" -> new ServiceMaintenanceCommand();
      case "services" -> new ServicesCommand(here);
      case "clients" -> new ClientsCommand(here);
      case "current-service" -> new CurrentServiceCommand(here);
      case "rate-limits" -> new RateLimitsCommand();
      case "global-rate-limit" -> new GlobalRateLimitCommand();
      case "service-rate-limit" -> new ServiceRateLimitCommand();
      case "export" -> new ExportCommand(here);
      case "diff" -> new DiffCommand(here);
      case "apply" -> new ApplyCommand(here);
      case "log" -> new LogCommand(here);
      case "watch" -> new WatchCommand(here);
      case "serve" -> new ServeCommand();
      case "webhook" -> new WebhookCommand();
      case "demo" -> new DemoCommand();
      case "store" -> new StoreCommand();
      case "token" -> new TokenCommand();
      case "hash-password" -> new HashPasswordCommand(here);
      case "version" -> new VersionCommand(here, Version.number());
      case "completion" -> new CompletionCommand();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /**
   * A command line with the commands that the arguments name. If the first word is none, all are
   * there besides, as names only: to be listed, and to find what a wrong word may have meant.
   */
  static CommandLine of(Surroundings here, Collection<String> arguments) {
    CommandLine.IFactory factory = Mixins.factory(here);
    CommandLine root = new CommandLine(rootSpec(), factory);
    List<Entry> all = GROUPS.values().stream().flatMap(List::stream).toList();
    List<Entry> named = all.stream().filter(entry -> isNamed(entry, arguments)).toList();
    for (Entry entry : named) {
      CommandLine command =
          add(root, entry, new CommandLine(make(entry.names().get(0), here), factory));
      addHelp(command);
    }
    Optional<String> first = arguments.stream().filter(CommandTree::isWord).findFirst();
    if (first.isPresent() && named.stream().noneMatch(e -> e.names().contains(first.get()))) {
      all.stream()
          .filter(entry -> !named.contains(entry))
          .forEach(entry -> add(root, entry, new CommandLine(CommandSpec.create(), factory)));
      root.addSubcommand(new CommandLine.HelpCommand());
    }
    if (arguments.contains(CompleteCommand.NAME)) {
      root.addSubcommand(CompleteCommand.NAME, new CompleteCommand(here));
    }
    return root;
  }

  private static boolean isNamed(Entry entry, Collection<String> arguments) {
    return entry.names().stream().anyMatch(arguments::contains);
  }

  private static boolean isWord(String argument) {
    return !argument.startsWith("-");
  }

  private static CommandLine add(CommandLine root, Entry entry, CommandLine command) {
    String name = entry.names().get(0);
    command.getCommandSpec().name(name).usageMessage().description(entry.summary());
    String[] others = entry.names().subList(1, entry.names().size()).toArray(String[]::new);
    root.addSubcommand(name, command, others);
    return command;
  }

  /** What is called without a command: it shows what there is. */
  private static final class Nothing implements Runnable {
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
      throw FailureHandlers.noCommand(Objects.requireNonNull(spec).commandLine());
    }
  }

  /**
   * The command without a command. Made by hand: reading annotations takes longer than the rest.
   */
  private static CommandSpec rootSpec() {
    Nothing nothing = new Nothing();
    CommandSpec spec = CommandSpec.wrapWithoutInspection(nothing);
    nothing.spec = spec;
    addHelp(spec);
    spec.name("shield")
        .usageMessage()
        .customSynopsis("shield [-hV] COMMAND")
        .description("Controls how an HTTP API behaves while it runs.")
        .footer(list());
    return spec;
  }

  /** The commands with what they do, in their groups. */
  private static String[] list() {
    List<String> list = new ArrayList<>();
    GROUPS.forEach(
        (group, entries) -> {
          list.add("");
          list.add(group + ":");
          for (Entry entry : entries) {
            String names = String.join(", ", entry.names());
            list.add("  " + names + " ".repeat(25 - names.length()) + entry.summary());
          }
        });
    list.add("");
    list.add("'shield bench' runs the benchmarks, from a source tree only.");
    return list.toArray(String[]::new);
  }

  private static void addHelp(CommandLine command) {
    addHelp(command.getCommandSpec());
    command.getSubcommands().values().forEach(CommandTree::addHelp);
  }

  private static void addHelp(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Show the version and exit.")
            .build());
    spec.versionProvider(new Version());
  }
}
