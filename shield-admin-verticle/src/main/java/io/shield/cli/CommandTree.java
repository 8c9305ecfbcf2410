package io.shield.cli;

import io.shield.cli.command.CompleteCommand;
import io.shield.cli.command.CompletionCommand;
import io.shield.cli.command.ConfigCommand;
import io.shield.cli.command.CurrentServiceCommand;
import io.shield.cli.command.EnvCommand;
import io.shield.cli.command.ExplainCommand;
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
import io.shield.cli.command.WatchCommand;
import io.shield.cli.terminal.Surroundings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * All commands, in groups as the help shows them. Only those that an argument names are made, the
 * others are a name with a line of help: reading the options of all of them would take longer than
 * most commands do.
 *
 * <p>A new command belongs to the group of its subject. {@code serve} goes beside {@code demo},
 * {@code webhook} beside {@code watch}; {@code apply}, {@code diff} and {@code export}, which are
 * about everything that is configured at once, are a group of their own after the rate limits.
 */
final class CommandTree {
  /**
   * A command.
   *
   * @param names its name and its other names
   * @param summary what it does, in one sentence
   * @param make makes it
   */
  private record Entry(List<String> names, String summary, Function<Surroundings, Object> make) {}

  private static final Map<String, List<Entry>> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put(
        "Server and sign-in",
        List.of(
            entry("Signs in and keeps the token.", LoginCommand::new, "login"),
            entry("Ends the sign-in.", LogoutCommand::new, "logout"),
            entry("Shows and sets servers and contexts.", h -> new ConfigCommand(), "config")));
    GROUPS.put(
        "One route",
        List.of(
            entry("Shows all routes, or one.", StatusCommand::new, "status"),
            entry("Serves a route again.", RouteCommands.Enable::new, "enable"),
            entry("Switches a route off.", RouteCommands.Disable::new, "disable"),
            entry(
                "Closes a route, now or as planned.",
                RouteCommands.Maintenance::new,
                "maintenance"),
            entry("Plans a maintenance of a route.", RouteCommands.Schedule::new, "schedule"),
            entry("Opens a route in some environments.", h -> new EnvCommand(), "env"),
            entry("Marks a route as deprecated.", RouteCommands.Deprecate::new, "deprecate"),
            entry("Lets some callers pass a closed route.", RouteCommands.Canary::new, "canary"),
            entry("Shows what a request gets, and why.", ExplainCommand::new, "explain")));
    GROUPS.put(
        "All routes, or those of a service",
        List.of(
            entry("Closes and opens all routes.", h -> new GlobalCommand(), "global"),
            entry(
                "Closes and opens a service.",
                h -> new ServiceMaintenanceCommand(),
                "service-maintenance",
                "sm"),
            entry("Lists the services.", ServicesCommand::new, "services"),
            entry("Shows the service in use.", CurrentServiceCommand::new, "current-service")));
    GROUPS.put(
        "Rate limits",
        List.of(
            entry("Of a route.", h -> new RateLimitsCommand(), "rate-limits", "rl"),
            entry(
                "Of all routes together.",
                h -> new GlobalRateLimitCommand(),
                "global-rate-limit",
                "grl"),
            entry(
                "Of a service.", h -> new ServiceRateLimitCommand(), "service-rate-limit", "srl")));
    GROUPS.put(
        "What happens",
        List.of(
            entry("Shows the audit log.", LogCommand::new, "log", "audit"),
            entry("Shows changes as they come.", WatchCommand::new, "watch")));
    GROUPS.put(
        "Servers and tools",
        List.of(
            entry("Serves a small API to try it on.", h -> new DemoCommand(), "demo"),
            entry("Shows and mends the server's store.", h -> new StoreCommand(), "store"),
            entry("Issues, lists and revokes tokens.", h -> new TokenCommand(), "token"),
            entry("Hashes a password for a file.", HashPasswordCommand::new, "hash-password"),
            entry("Lets your shell complete it.", h -> new CompletionCommand(), "completion")));
  }

  private CommandTree() {}

  private static Entry entry(String summary, Function<Surroundings, Object> make, String... names) {
    return new Entry(List.of(names), summary, make);
  }

  /** A command line with the commands that the arguments name. */
  static CommandLine of(Surroundings here, Collection<String> arguments) {
    CommandLine.IFactory factory = Mixins.factory(here);
    CommandLine root = new CommandLine(new Main(), factory);
    for (Entry entry : GROUPS.values().stream().flatMap(List::stream).toList()) {
      boolean named = entry.names().stream().anyMatch(arguments::contains);
      CommandLine command =
          named
              ? new CommandLine(entry.make().apply(here), factory)
              : new CommandLine(CommandSpec.create());
      String name = entry.names().get(0);
      command.getCommandSpec().name(name).usageMessage().description(entry.summary());
      String[] others = entry.names().subList(1, entry.names().size()).toArray(String[]::new);
      root.addSubcommand(name, command, others);
      if (named) {
        addHelp(command);
      }
    }
    root.addSubcommand(new CommandLine.HelpCommand());
    if (arguments.contains(CompleteCommand.NAME)) {
      root.addSubcommand(CompleteCommand.NAME, new CompleteCommand(here));
    }
    root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> list());
    return root;
  }

  /** The commands with what they do, in their groups. */
  private static String list() {
    StringBuilder list = new StringBuilder();
    GROUPS.forEach(
        (group, entries) -> {
          list.append(String.format("%n%s:%n", group));
          for (Entry entry : entries) {
            String names = String.join(", ", entry.names());
            list.append(String.format("  %-25s%s%n", names, entry.summary()));
          }
        });
    return list.toString();
  }

  private static void addHelp(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
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
    command.getSubcommands().values().forEach(CommandTree::addHelp);
  }
}
