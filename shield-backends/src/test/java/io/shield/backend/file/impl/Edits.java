package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** What people and other tools do to the file. */
final class Edits {
  /** The fields that the original writes of a state, in its order. */
  static final List<String> ORIGINAL_STATE =
      List.of(
          "path",
          "service",
          "status",
          "reason",
          "allowed_envs",
          "allowed_roles",
          "allowed_ips",
          "window",
          "sunset_date",
          "successor_path",
          "rollout_percentage",
          "force_active");

  /** The fields that the original writes of an audit entry, in its order. */
  static final List<String> ORIGINAL_ENTRY =
      List.of(
          "id",
          "timestamp",
          "path",
          "service",
          "action",
          "actor",
          "platform",
          "reason",
          "previous_status",
          "new_status");

  private Edits() {}

  /** A file that the original wrote. */
  static String original() {
    try (InputStream in = Edits.class.getResourceAsStream("../original-state.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode tree(SimulatedDisk disk, Path file) {
    try {
      return Format.of(file).parse(disk.text(file));
    } catch (UnreadableException e) {
      throw new AssertionError(e.in(file));
    }
  }

  /**
   * Changes the file's tree, and nothing else, as an editor does that keeps all it does not touch.
   */
  static void edit(SimulatedDisk disk, Path file, Consumer<ObjectNode> change) {
    ObjectNode tree = tree(disk, file);
    change.accept(tree);
    write(disk, file, tree);
  }

  static void write(SimulatedDisk disk, Path file, ObjectNode tree) {
    try {
      disk.edit(file, Format.of(file).render(tree));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the file as the original does: its own four parts with its own fields. */
  static void rewriteAsOriginal(SimulatedDisk disk, Path file, Consumer<ObjectNode> change) {
    edit(
        disk,
        file,
        tree -> {
          tree.retain("states", "audit", "rl_hits", "rl_policies");
          tree.get("states").forEach(state -> ((ObjectNode) state).retain(ORIGINAL_STATE));
          tree.get("audit").forEach(entry -> ((ObjectNode) entry).retain(ORIGINAL_ENTRY));
          change.accept(tree);
        });
  }

  static ObjectNode state(JsonNode tree, String key) {
    return (ObjectNode) tree.get("states").get(key);
  }
}
