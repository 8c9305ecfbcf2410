package io.shield.bench.run;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * What the process of a {@link Child} runs: the main method of the class that its first argument
 * names. The process ends with it if that throws, or who hears it would wait for ever, as threads
 * of Vert.x go on.
 */
public final class ChildMain {
  private ChildMain() {}

  /** Runs it with the other arguments. */
  @SuppressWarnings("CatchAndPrintStackTrace") // who started it shows what it prints
  public static void main(String[] arguments) throws ReflectiveOperationException {
    String[] others = Arrays.copyOfRange(arguments, 1, arguments.length);
    try {
      Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) others);
    } catch (InvocationTargetException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }
}
