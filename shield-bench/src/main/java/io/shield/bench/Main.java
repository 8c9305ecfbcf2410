package io.shield.bench;

import io.shield.bench.run.Extent;
import io.shield.bench.run.Goal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code shield bench} command. */
@Command(
    name = "shield bench",
    description = "Measures Shield beside a baseline.",
    usageHelpWidth = 100,
    footerHeading = "%nBenchmarks:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:measured, whether or not the goals are reached",
      "1:it failed",
      "2:called wrongly"
    })
public final class Main implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /** How results are printed. */
  enum Output {
    TEXT,
    JSON
  }

  private final List<Choice> choices;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description =
          "The benchmark to run; the list is below. 'all' runs each, 'list' says what their goals"
              + " are.")
  private @Nullable String name;

  @Option(
      names = "--quick",
      description = "Few short iterations, to see that it runs and about where the figures lie.")
  private boolean quick;

  @Option(names = "--long", description = "An hour of soak instead of a minute.")
  private boolean hour;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "text, or json for programs: then tables and progress go to the error stream. Default:"
              + " ${DEFAULT-VALUE}.")
  private Output output;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description =
          "Also put the figures into a document, between the lines '<!-- NAME -->' and '<!-- end"
              + " of NAME -->'.")
  private @Nullable Path document;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  private boolean help;

  private Main(List<Choice> choices) {
    this.choices = List.copyOf(choices);
  }

  /** Runs a benchmark and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return commandLine(Benchmarks.ALL);
  }

  static CommandLine commandLine(List<Choice> choices) {
    CommandLine line =
        new CommandLine(new Main(choices))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(Main::usage)
            .setExecutionExceptionHandler((e, failed, parsed) -> failed(e, failed));
    String[] list =
        choices.stream().map(b -> "  " + b.name() + " - " + b.description()).toArray(String[]::new);
    line.getCommandSpec().usageMessage().footer(list);
    return line;
  }

  @Override
  public Integer call() throws Exception {
    if (name == null) {
      throw new ParameterException(spec.commandLine(), "name a benchmark: " + names());
    }
    if (quick && hour) {
      throw new ParameterException(spec.commandLine(), "--quick or --long, not both");
    }
    return switch (name) {
      case "list" -> list();
      case "all" -> all();
      default -> one(chosen(name));
    };
  }

  private Execution execution() {
    Extent extent = quick ? Extent.QUICK : hour ? Extent.LONG : Extent.FULL;
    PrintWriter err = spec.commandLine().getErr();
    return new Execution(extent, isJson() ? err : spec.commandLine().getOut(), err);
  }

  private boolean isJson() {
    return output == Output.JSON;
  }

  private void print(Object value) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(value);
    out.flush();
  }

  private int one(Choice choice) throws Exception {
    Outcome outcome = execution().run(choice);
    if (isJson()) {
      print(outcome.json().encodePrettily());
    }
    if (document != null) {
      outcome.writeTo(document);
    }
    return 0;
  }

  /** One that fails does not keep the others from running. */
  private int all() {
    Execution execution = execution();
    List<Outcome> outcomes = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (Choice choice : choices) {
      try {
        Outcome outcome = execution.run(choice);
        outcomes.add(outcome);
        if (document != null) {
          outcome.writeTo(document);
        }
      } catch (Exception e) {
        failures.add(choice.name() + ": " + message(e));
        failed(e, spec.commandLine());
      }
    }
    execution.summary(outcomes, failures);
    if (isJson()) {
      JsonObject all =
          new JsonObject()
              .put("benchmarks", new JsonArray(outcomes.stream().map(Outcome::json).toList()))
              .put("failed", new JsonArray(failures));
      print(all.encodePrettily());
    }
    return failures.isEmpty() ? 0 : FAILED;
  }

  private int list() {
    if (isJson()) {
      print(new JsonArray(choices.stream().map(Main::described).toList()).encodePrettily());
      return 0;
    }
    for (Choice choice : choices) {
      print(choice.name() + " - " + choice.description());
      choice.goals().forEach(goal -> print("  " + goal.name() + ": " + goal));
    }
    return 0;
  }

  private static JsonObject described(Choice choice) {
    JsonArray goals = new JsonArray();
    for (Goal goal : choice.goals()) {
      goals.add(
          new JsonObject()
              .put("kind", goal.kind())
              .put("name", goal.name())
              .put(goal.atMost() ? "at_most" : "at_least", goal.bound()));
    }
    return new JsonObject()
        .put("benchmark", choice.name())
        .put("description", choice.description())
        .put("goals", goals);
  }

  private Choice chosen(String wanted) {
    for (Choice choice : choices) {
      if (choice.name().equals(wanted)) {
        return choice;
      }
    }
    throw new ParameterException(
        spec.commandLine(), "there is no benchmark '" + wanted + "', only: " + names());
  }

  private String names() {
    return String.join(
        ", ", Stream.concat(choices.stream().map(Choice::name), Stream.of("all", "list")).toList());
  }

  private static int usage(ParameterException e, String[] args) {
    String help = "'" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'";
    e.getCommandLine().getErr().println("shield bench: " + e.getMessage() + ". See " + help + ".");
    return USAGE;
  }

  private static int failed(Exception e, CommandLine line) {
    line.getErr().println("shield bench: " + message(e));
    line.getErr().flush();
    return FAILED;
  }

  private static String message(Exception e) {
    return (e.getMessage() == null ? e.toString() : e.getMessage()).strip();
  }
}
