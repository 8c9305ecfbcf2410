package io.shield.admin.dashboard.view;

import java.util.List;
import java.util.Map;

/**
 * A question before something is done.
 *
 * @param action what will be done, as it is named in the form
 * @param title the question's heading
 * @param verb the word on the button
 * @param text what that does
 * @param subjects what is concerned, as hidden fields carry it
 * @param shown the same, as people read it
 * @param impact how much it touches, or empty
 * @param danger whether it can hurt
 * @param word what must be typed, or empty
 * @param fields the names of the fields to ask for
 * @param values what stands in them
 * @param error what was wrong with them, or empty
 * @param conflicts what somebody else did meanwhile
 * @param mine what was asked for, when somebody else was faster
 */
public record Dialog(
    String action,
    String title,
    String verb,
    String text,
    List<Subject> subjects,
    List<String> shown,
    String impact,
    boolean danger,
    String word,
    List<String> fields,
    Map<String, String> values,
    String error,
    List<Conflict> conflicts,
    String mine) {
  public Dialog {
    subjects = List.copyOf(subjects);
    shown = List.copyOf(shown);
    fields = List.copyOf(fields);
    values = Map.copyOf(values);
    conflicts = List.copyOf(conflicts);
  }

  /**
   * What is concerned.
   *
   * @param key the key of a route or a policy, or the name of a service; empty for the fleet
   * @param version the version that the person saw
   */
  public record Subject(String key, long version) {}

  /**
   * What somebody else did meanwhile.
   *
   * @param what the key
   * @param theirs what it is now
   * @param by who made it so, or empty
   * @param when when
   */
  public record Conflict(String what, String theirs, String by, When when) {}

  /** Whether a field is asked for. */
  public boolean asks(String field) {
    return fields.contains(field);
  }

  /** What stands in a field. */
  public String value(String field) {
    return values.getOrDefault(field, "");
  }

  /** Whether a choice is the one made; the first is where none is. */
  public boolean chosen(String field, String choice, boolean first) {
    String value = value(field);
    return value.isEmpty() ? first : value.equals(choice);
  }
}
