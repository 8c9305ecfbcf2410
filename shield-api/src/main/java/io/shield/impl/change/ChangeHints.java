package io.shield.impl.change;

import io.shield.ShieldChange;
import io.shield.impl.replica.Replica.Observer;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells on the event bus, at {@code shield.{name}.changes} and in this process only, that something
 * changed. The message is a hint where to look ({@code epoch}, {@code revision}, {@code changed}),
 * not the state.
 */
public final class ChangeHints implements Observer {
  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  private final Vertx vertx;
  private final String address;

  public ChangeHints(Vertx vertx, String engineName) {
    this.vertx = vertx;
    this.address = "shield." + engineName + ".changes";
  }

  @Override
  public void inForce(ShieldChange change, @Nullable Commit commit) {
    publish(change.after().head(), change.changed());
  }

  private void publish(Head head, Set<DocumentKey> changed) {
    JsonArray keys = new JsonArray();
    changed.forEach(
        key -> keys.add(new JsonObject().put("kind", key.kind().wireName()).put("key", key.key())));
    JsonObject hint =
        new JsonObject()
            .put("epoch", head.epoch())
            .put("revision", head.revision())
            .put("changed", keys);
    vertx.eventBus().publish(address, hint, LOCAL);
  }
}
