package io.shield.backend.cluster.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.json.CommitJson;
import io.shield.json.ShieldJson;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import java.time.DateTimeException;
import java.time.Instant;

/** One entry of the log. Its text is what members compare. */
sealed interface Entry {
  /** The format of the texts. */
  int FORMAT = 1;

  /** Where it puts the store. */
  Head head();

  /** Its text. */
  String text();

  /**
   * A commit.
   *
   * @param commit the commit
   * @param at when, by the clock of the member that made it
   * @param members the most members that the epoch has seen
   * @param text its text
   */
  record Made(Commit commit, Instant at, int members, String text) implements Entry {
    static Made of(Commit commit, Instant at, int members) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("format", FORMAT);
      json.put("at", at.toString());
      json.put("members", members);
      json.set("commit", CommitJson.write(commit));
      return new Made(commit, at, members, ShieldJson.text(json));
    }

    @Override
    public Head head() {
      return commit.head();
    }
  }

  /**
   * The begin of an epoch, with all it begins with. Its revision may be higher than the number of
   * its key: what went before may have been longer than what the log holds of it.
   *
   * @param base what it begins with
   * @param text its text
   */
  record Begun(Base base, String text) implements Entry {
    static Begun of(Base base) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("format", FORMAT);
      json.set("base", base.toJson());
      return new Begun(base, ShieldJson.text(json));
    }

    @Override
    public Head head() {
      return base.snapshot().head();
    }
  }

  /**
   * Reads a text.
   *
   * @throws io.shield.error.ShieldException if it is no entry
   */
  static Entry read(String key, String text) {
    JsonNode json = ShieldJson.parse(key, text);
    if (json.path("format").asInt() != FORMAT) {
      throw new InvalidValueException(
          "format of " + key, json.path("format").toString(), Integer.toString(FORMAT));
    }
    try {
      return json.has("base")
          ? new Begun(Base.read(json.path("base")), text)
          : new Made(
              CommitJson.readCommit(json.path("commit")),
              Instant.parse(json.path("at").asText()),
              json.path("members").asInt(),
              text);
    } catch (DateTimeException e) {
      throw new InvalidValueException(key, String.valueOf(e.getMessage()), "an entry of the log");
    }
  }
}
