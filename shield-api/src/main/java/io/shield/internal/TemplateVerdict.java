package io.shield.internal;

import io.vertx.core.http.HttpMethod;
import java.util.Collection;

/** The verdicts of one template: one for each method that has its own, and one for all others. */
final class TemplateVerdict {
  private static final HttpMethod[] NO_METHODS = {};
  private static final Verdict[] NO_VERDICTS = {};

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
    return compile(rules, template, methods.toArray(NO_METHODS), nowMillis);
  }

  private static TemplateVerdict compile(
      GateRules rules, String template, HttpMethod[] methods, long nowMillis) {
    Verdict others = Verdict.compile(rules, null, template, nowMillis);
    if (methods.length == 0) {
      return new TemplateVerdict(template, NO_METHODS, NO_VERDICTS, others);
    }
    Verdict[] verdicts = new Verdict[methods.length];
    for (int i = 0; i < methods.length; i++) {
      verdicts[i] = Verdict.compile(rules, methods[i], template, nowMillis);
    }
    return new TemplateVerdict(template, methods, verdicts, others);
  }

  /** The same template under the same methods, compiled again. */
  TemplateVerdict recompile(GateRules rules, long nowMillis) {
    return compile(rules, template, methods, nowMillis);
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
