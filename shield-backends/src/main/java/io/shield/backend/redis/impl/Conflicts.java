package io.shield.backend.redis.impl;

import io.shield.error.ShieldException;
import io.shield.model.DocumentValue;
import io.shield.model.RouteState;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.VersionConflict;
import io.shield.spi.CommitResult;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the commit script says of documents whose version is another. */
final class Conflicts {
  private Conflicts() {}

  static CommitResult of(Change change, Response answer) {
    Response found = answer.get(4);
    List<VersionConflict> conflicts = new ArrayList<>();
    for (int i = 0; i < found.size(); i += 3) {
      DocumentKey key = DocumentText.key(found.get(i).toString());
      long actual = Long.parseLong(found.get(i + 1).toString());
      long expected =
          change.edits().stream()
              .filter(edit -> edit.key().equals(key))
              .findFirst()
              .orElseThrow()
              .expectedVersion();
      Response text = found.get(i + 2);
      DocumentValue value =
          text == null || actual == 0 ? null : stored(key, text.toString(), actual);
      conflicts.add(new VersionConflict(key, expected, actual, value));
    }
    return new CommitResult.Conflict(Image.head(answer, 1), conflicts);
  }

  private static @Nullable DocumentValue stored(DocumentKey key, String text, long version) {
    try {
      DocumentValue value = DocumentText.read(key, text);
      return value instanceof RouteState state ? state.withVersion(version) : value;
    } catch (ShieldException unreadable) {
      return null;
    }
  }
}
