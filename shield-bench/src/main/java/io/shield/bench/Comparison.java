package io.shield.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two methods that do the same work, ours and the baseline's. They are compared for each
 * combination of parameters.
 *
 * @param name what the ratio is called; {@code {routes}} stands for the parameter's value
 * @param ours a method as {@code Class.method}
 * @param baseline the method it is divided by
 */
record Comparison(String name, String ours, String baseline) {
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

  /** The name for one combination of parameters. */
  String nameOf(Measurement measurement) {
    Matcher matcher = PARAMETER.matcher(name);
    return matcher.replaceAll(found -> Matcher.quoteReplacement(measurement.param(found.group(1))));
  }
}
