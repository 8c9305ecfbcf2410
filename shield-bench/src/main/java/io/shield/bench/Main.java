package io.shield.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
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
    exitCodeList = {"0:measured", "1:it failed", "2:called wrongly"})
public final class Main implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The benchmark to run; the list is below.")
  private @Nullable String name;

  @Option(
      names = "--quick",
      description = "Few short iterations, to see that it runs and about where the figures lie.")
  private boolean quick;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  private boolean help;

  private Main() {}

  /** Runs a benchmark and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line =
        new CommandLine(new Main())
            .setParameterExceptionHandler(Main::usage)
            .setExecutionExceptionHandler((e, failed, parsed) -> failed(e, failed));
    String[] list =
        Benchmarks.ALL.stream()
            .map(b -> "  " + b.name() + " - " + b.description())
            .toArray(String[]::new);
    line.getCommandSpec().usageMessage().footer(list);
    return line;
  }

  @Override
  public Integer call() throws Exception {
    Choice choice = chosen();
    PrintWriter out = spec.commandLine().getOut();
    out.println(choice.name() + ": " + choice.description());
    if (choice instanceof WholeRun whole) {
      Machine before = Machine.now();
      whole.body().run(quick, out);
      out.println();
      Report.surroundings(out, before, Machine.now());
    } else {
      measure((Benchmark) choice, out);
    }
    out.flush();
    return 0;
  }

  private void measure(Benchmark benchmark, PrintWriter out) throws RunnerException {
    BenchmarkRun run = new BenchmarkRun(benchmark, quick ? Effort.QUICK : Effort.FULL);
    out.println(run.announcement());
    out.flush();
    Machine before = Machine.now();
    List<Measurement> measurements = run.execute(spec.commandLine().getErr());
    new Report(benchmark, measurements).print(out, before, Machine.now());
  }

  private Choice chosen() {
    if (name == null) {
      throw new ParameterException(spec.commandLine(), "name a benchmark: " + names());
    }
    for (Choice choice : Benchmarks.ALL) {
      if (choice.name().equals(name)) {
        return choice;
      }
    }
    throw new ParameterException(
        spec.commandLine(), "there is no benchmark '" + name + "', only: " + names());
  }

  private static String names() {
    return String.join(", ", Benchmarks.ALL.stream().map(Choice::name).toList());
  }

  private static int usage(ParameterException e, String[] args) {
    String help = "'" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'";
    e.getCommandLine().getErr().println("shield bench: " + e.getMessage() + ". See " + help + ".");
    return USAGE;
  }

  private static int failed(Exception e, CommandLine line) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    line.getErr().println("shield bench: " + message.strip());
    return FAILED;
  }
}
