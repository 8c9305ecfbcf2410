package io.shield.internal.gate;

import io.shield.decision.Decider;
import io.vertx.core.http.HttpMethod;
import java.util.Arrays;
import java.util.Collection;

/** The verdicts of one template: one for each method that has its own, and one for all others. */
final class TemplateVerdict {
  private static final HttpMethod[] NO_METHODS = {};

  /** What a state of {@code GET} names: shared, since many templates have no other. */
  private static final HttpMethod[] GET = {HttpMethod.GET, HttpMethod.HEAD};

  private static final Verdict[] NO_VERDICTS = {};

  /**
   * Everything passes, for ever: what holds for most routes most of the time. Shared by all of
   * them, so that however many there are it stays in the processor's cache.
   */
  private static final TemplateVerdict OPEN =
      new TemplateVerdict("", NO_METHODS, NO_VERDICTS, Verdict.ALLOW);

  private final String template;
  private final HttpMethod[] methods;
  private final Verdict[] verdicts;
  private final Verdict others;

  private TemplateVerdict(
      String template, HttpMethod[] methods, Verdict[] verdicts, Verdict others) {
    this.template = template;
    this.methods = methods;
    this.verdicts = verdicts;
    this.others = others;
  }

  static TemplateVerdict compile(
      GateRules rules, String template, Collection<HttpMethod> methods, long nowMillis) {
    HttpMethod[] named = methods.toArray(NO_METHODS);
    return compile(rules, template, Arrays.equals(named, GET) ? GET : named, nowMillis);
  }

  private static TemplateVerdict compile(
      GateRules rules, String template, HttpMethod[] methods, long nowMillis) {
    if (rules.bypassed()) {
      return OPEN;
    }
    Verdict others = Verdict.compile(rules, rules.ruling(null, template), nowMillis);
    Verdict[] verdicts = new Verdict[methods.length];
    boolean open = others == Verdict.ALLOW;
    Decider.Ruling before = null;
    for (int i = 0; i < methods.length; i++) {
      Decider.Ruling ruling = rules.ruling(methods[i], template);
      // HEAD comes after GET, whose verdict it mostly has.
      verdicts[i] =
          ruling.equals(before) ? verdicts[i - 1] : Verdict.compile(rules, ruling, nowMillis);
      before = ruling;
      open &= verdicts[i] == Verdict.ALLOW;
    }
    return open ? OPEN : new TemplateVerdict(template, methods, verdicts, others);
  }

  /**
   * The same template under the same methods, compiled again. What has no edge stays what it is.
   */
  TemplateVerdict recompile(GateRules rules, long nowMillis) {
    return this == OPEN ? this : compile(rules, template, methods, nowMillis);
  }

  /** The verdict for a method. Few methods have their own, so that a scan is the fastest search. */
  Verdict of(HttpMethod method) {
    HttpMethod[] names = methods;
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(method)) {
        return verdicts[i];
      }
    }
    return others;
  }
}
