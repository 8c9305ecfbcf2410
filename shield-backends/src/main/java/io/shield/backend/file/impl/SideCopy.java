package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import io.shield.model.store.Head;
import org.jspecify.annotations.Nullable;

/**
 * The side file: a whole copy of what Shield last wrote.
 *
 * @param image what it wrote
 * @param replaced the head of the main file that was to be replaced; null if that had none
 */
record SideCopy(Image image, @Nullable Head replaced) {
  private static final String REPLACED = "replaced";

  static String write(ObjectNode tree, @Nullable Head replaced) {
    ObjectNode copy = tree.objectNode().setAll(tree);
    if (replaced != null) {
      copy.set(REPLACED, ShieldJson.write(replaced));
    }
    return ShieldJson.text(copy);
  }

  static SideCopy read(String text) throws UnreadableException {
    ObjectNode root = new JsonFormat().parse(text);
    Content content = Layout.read(root, text);
    Image image = content.intact();
    if (image == null || content.insufficient() != null) {
      throw new UnreadableException("it was changed by somebody else than Shield", 0, 0);
    }
    try {
      JsonNode replaced = root.path(REPLACED);
      return new SideCopy(image, replaced.isObject() ? ShieldJson.readHead(replaced) : null);
    } catch (ShieldException e) {
      throw new UnreadableException(String.valueOf(e.getMessage()), 0, 0);
    }
  }
}
