package io.shield.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a command that goes on says when it is ready: one fact a line, or an object in JSON. */
final class Greeting {
  private final String first;
  private final Map<String, String> facts = new LinkedHashMap<>();

  Greeting(String first) {
    this.first = first;
  }

  Greeting fact(String name, String value) {
    facts.put(name, value);
    return this;
  }

  /** Prints it, at once. */
  void print(PrintWriter out, boolean json) {
    out.println(json ? json() : text());
    out.flush();
  }

  private String text() {
    StringBuilder text = new StringBuilder(first).append(System.lineSeparator());
    facts.forEach((name, value) -> text.append(String.format("  %-9s  %s%n", name, value)));
    return text.toString();
  }

  private String json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("message", first);
    facts.forEach((name, value) -> node.put(name.replace(' ', '_'), value));
    return ShieldJson.text(node);
  }
}
