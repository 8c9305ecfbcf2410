package io.shield.admin.dashboard.impl;

import io.shield.ShieldEngine;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.admin.dashboard.Reply;
import io.shield.admin.dashboard.view.Dialog;
import io.shield.admin.dashboard.view.When;
import io.shield.error.InvalidValueException;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dialogs about one thing each, whose answer is one call of the API. */
abstract class CallDialogs implements Dialogs {
  final ShieldEngine engine;
  private final AdminAccess api;
  private final Map<String, Verb> verbs = new LinkedHashMap<>();

  CallDialogs(ShieldEngine engine, AdminAccess api, List<Verb> verbs) {
    this.engine = engine;
    this.api = api;
    verbs.forEach(verb -> this.verbs.put(verb.action(), verb));
  }

  /** What the key names, as people read it. */
  abstract String name(String key);

  /** The version that it has now; 0 where nothing is compared. */
  abstract long version(Verb verb, String key);

  /** What it is now, in a line. */
  abstract String state(Verb verb, String key);

  /** What stands in the fields at first. */
  abstract Map<String, String> values(Verb verb, String key);

  /** How much it touches, or empty. */
  abstract String impact(Verb verb, String key);

  /** The call that does it. */
  abstract ApiCall call(Verb verb, String key, Form form);

  /** The call that would bring back what is now, or null if none can. */
  abstract @Nullable ApiCall inverse(Verb verb, String key);

  @Override
  public boolean handles(String action) {
    return verbs.containsKey(action);
  }

  private Verb verb(String action) {
    Verb verb = verbs.get(action);
    if (verb == null) {
      throw new InvalidValueException("act", action, "an action of this page");
    }
    return verb;
  }

  @Override
  public Dialog ask(String action, List<String> keys) {
    Verb verb = verb(action);
    String key = keys.isEmpty() ? "" : keys.get(0);
    return dialog(verb, key, version(verb, key), values(verb, key), "", List.of());
  }

  private Dialog dialog(
      Verb verb,
      String key,
      long version,
      Map<String, String> values,
      String error,
      List<Dialog.Conflict> conflicts) {
    return new Dialog(
        verb.action(),
        verb.label() + ": " + name(key),
        verb.label(),
        verb.text(),
        List.of(new Dialog.Subject(key, version)),
        List.of(name(key)),
        impact(verb, key),
        verb.danger(),
        verb.word(),
        verb.fields(),
        values,
        error,
        conflicts,
        verb.label());
  }

  @Override
  public Future<Outcome> act(RoutingContext ctx, String action, Form form) {
    Verb verb = verb(action);
    Dialog.Subject subject = Subjects.read(form).stream().findFirst().orElseThrow();
    String key = subject.key();
    ApiCall call;
    try {
      check(verb, form);
      call = call(verb, key, form);
    } catch (InvalidValueException e) {
      String error = String.valueOf(e.getMessage());
      return Future.succeededFuture(
          Outcome.ask(400, dialog(verb, key, subject.version(), form.firsts(), error, List.of())));
    }
    boolean compared = subject.version() != 0 || version(verb, key) != 0;
    ApiCall undo = inverse(verb, key);
    return api.call(ctx, compared ? call.ifMatch(tag(subject.version())) : call)
        .map(reply -> outcome(verb, subject, form, undo, reply));
  }

  private static void check(Verb verb, Form form) {
    boolean reason = verb.danger() && verb.fields().contains("reason");
    if (reason && form.value("reason").isEmpty()) {
      throw new InvalidValueException("reason", "", "given: callers may be hurt");
    }
    if (!verb.word().equals(form.value("word"))) {
      throw new InvalidValueException("word", form.value("word"), verb.word());
    }
  }

  private String tag(long version) {
    return '"' + engine.snapshot().head().epoch() + '.' + version + '"';
  }

  private Outcome outcome(
      Verb verb, Dialog.Subject subject, Form form, @Nullable ApiCall undo, Reply reply) {
    String key = subject.key();
    if (reply.isOk()) {
      return Outcome.done(
          Outcome.toast(
              verb.label() + ": " + name(key),
              reply,
              undo == null ? "" : Undo.write(undo.ifMatch(tag(version(verb, key))))));
    }
    if (reply.status() == 412) {
      Dialog.Conflict conflict = new Dialog.Conflict(name(key), state(verb, key), "", When.NONE);
      return Outcome.ask(
          409, dialog(verb, key, version(verb, key), form.firsts(), "", List.of(conflict)));
    }
    return Outcome.ask(
        reply.status(),
        dialog(verb, key, subject.version(), form.firsts(), reply.error(), List.of()));
  }
}
