package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;

/** Reads the times that people enter, in the time zone of their browser. */
final class FormTimes {
  private FormTimes() {}

  /** What the choice "how long" means, in the API's fields. */
  static void put(Form form, ObjectNode body) {
    switch (form.value("when")) {
      case "for" -> body.put("until", form.value("for"));
      case "until" -> body.put("until", moment(form, "until"));
      case "window" -> {
        body.put("start", moment(form, "start"));
        body.put("end", moment(form, "end"));
      }
      default -> {
        // until somebody enables it
      }
    }
  }

  /** A local time that the zone has exactly once, as a moment. */
  private static String moment(Form form, String field) {
    String text = form.value(field);
    if (text.isEmpty()) {
      throw new InvalidValueException(field, text, "a date and a time");
    }
    try {
      ZoneId zone = ZoneId.of(form.value("zone").isEmpty() ? "UTC" : form.value("zone"));
      LocalDateTime local = LocalDateTime.parse(text);
      List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
      if (offsets.size() == 1) {
        return local.toInstant(offsets.get(0)).toString();
      }
      throw new InvalidValueException(
          field,
          text,
          offsets.isEmpty()
              ? "a time that exists in " + zone + ": clocks are put forward then"
              : "a time that exists once in " + zone + ": clocks are put back then");
    } catch (DateTimeParseException e) {
      throw new InvalidValueException(field, text, "a date and a time");
    } catch (DateTimeException e) {
      throw new InvalidValueException("zone", form.value("zone"), "a time zone");
    }
  }
}
