package io.shield.cli;

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
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * All commands. Only those that an argument names are made, the others are a name with a line of
 * help: reading the options of all of them would take longer than most commands do.
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

  private static final List<Entry> ENTRIES =
      List.of(
          // Signing in, and to what.
          entry("Signs in and keeps the token.", LoginCommand::new, "login"),
          entry("Ends the sign-in.", LogoutCommand::new, "logout"),
          entry("Shows and sets the server and its contexts.", h -> new ConfigCommand(), "config"),
          // One route.
          entry("Shows all routes, or one.", StatusCommand::new, "status"),
          entry("Serves a route again.", RouteCommands.Enable::new, "enable"),
          entry("Switches a route off.", RouteCommands.Disable::new, "disable"),
          entry(
              "Closes a route for maintenance, now or at a planned time.",
              RouteCommands.Maintenance::new,
              "maintenance"),
          entry("Plans a maintenance of a route.", RouteCommands.Schedule::new, "schedule"),
          entry("Opens a route in some environments only.", h -> new EnvCommand(), "env"),
          entry("Marks a route as deprecated.", RouteCommands.Deprecate::new, "deprecate"),
          entry(
              "Lets a share of callers pass a closed route.", RouteCommands.Canary::new, "canary"),
          entry("Shows what a request gets, and why.", ExplainCommand::new, "explain"),
          // Everything at once.
          entry("Closes and opens all routes.", h -> new GlobalCommand(), "global"),
          entry(
              "Closes and opens all routes of a service.",
              h -> new ServiceMaintenanceCommand(),
              "service-maintenance",
              "sm"),
          entry("Lists the services.", ServicesCommand::new, "services"),
          entry("Shows the service in use.", CurrentServiceCommand::new, "current-service"),
          // Rate limits.
          entry(
              "Limits how often a route is called.",
              h -> new RateLimitsCommand(),
              "rate-limits",
              "rl"),
          entry(
              "Limits how often all routes are called.",
              h -> new GlobalRateLimitCommand(),
              "global-rate-limit",
              "grl"),
          entry(
              "Limits how often a service is called.",
              h -> new ServiceRateLimitCommand(),
              "service-rate-limit",
              "srl"),
          // What happened, and the server itself.
          entry("Shows the audit log.", LogCommand::new, "log", "audit"),
          entry("Shows changes as they come.", WatchCommand::new, "watch"),
          entry("Shows and mends the server's store.", h -> new StoreCommand(), "store"),
          entry("Issues, lists and revokes tokens.", h -> new TokenCommand(), "token"),
          entry(
              "Hashes a password for a file of accounts.",
              HashPasswordCommand::new,
              "hash-password"),
          entry("Serves a small API to try it on.", h -> new DemoCommand(), "demo"));

  private CommandTree() {}

  private static Entry entry(String summary, Function<Surroundings, Object> make, String... names) {
    return new Entry(List.of(names), summary, make);
  }

  /** A command line with the commands that the arguments name. */
  static CommandLine of(Surroundings here, Collection<String> arguments) {
    return of(here, entry -> entry.names().stream().anyMatch(arguments::contains));
  }

  /** A command line with every command. */
  static CommandLine whole(Surroundings here) {
    return of(here, entry -> true);
  }

  private static CommandLine of(Surroundings here, Predicate<Entry> wanted) {
    CommandLine.IFactory factory = Mixins.factory(here);
    CommandLine root = new CommandLine(new Main(), factory);
    for (Entry entry : ENTRIES) {
      String name = entry.names().get(0);
      CommandLine command =
          wanted.test(entry)
              ? new CommandLine(entry.make().apply(here), factory)
              : new CommandLine(CommandSpec.create());
      command.getCommandSpec().name(name).usageMessage().description(entry.summary());
      String[] others = entry.names().subList(1, entry.names().size()).toArray(String[]::new);
      root.addSubcommand(name, command, others);
      if (wanted.test(entry)) {
        addHelp(command);
      }
    }
    root.addSubcommand(new CommandLine.HelpCommand());
    return root;
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
