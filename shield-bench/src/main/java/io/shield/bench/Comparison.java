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
 * @param alike whether the ratios should not differ, whatever the parameters
 */
record Comparison(String name, String ours, String baseline, boolean alike) {
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

  Comparison(String name, String ours, String baseline) {
    this(name, ours, baseline, false);
  }

  /** The same, of which the ratios should not differ. */
  Comparison likeEachOther() {
    return new Comparison(name, ours, baseline, true);
  }

  /** What they are called together: the name without parameters. */
  String commonName() {
    return PARAMETER.matcher(name).replaceAll("").replaceAll("-+$", "");
  }

  /** The name for one combination of parameters. */
  String nameOf(Measurement measurement) {
    Matcher matcher = PARAMETER.matcher(name);
    return matcher.replaceAll(found -> Matcher.quoteReplacement(measurement.param(found.group(1))));
  }
}
