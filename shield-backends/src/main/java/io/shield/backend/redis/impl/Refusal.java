package io.shield.backend.redis.impl;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether Redis takes changes while it answers. Used on one event loop, except the text. */
final class Refusal {
  private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

  private final Link link;
  private final String prefix;
  private volatile @Nullable String text;

  Refusal(Link link, String prefix) {
    this.link = link;
    this.prefix = prefix;
  }

  /** Why changes are refused although Redis answers; null if they are not. Thread-safe. */
  @Nullable String text() {
    return text;
  }

  /** Something was written. */
  void written() {
    if (text != null) {
      LOG.info("Redis takes changes again");
    }
    text = null;
  }

  /** Something could not be written. */
  void notWritten(Throwable failure) {
    if (Failures.isRefusal(failure)) {
      if (text == null) {
        LOG.error("Redis takes no changes: {}", failure.getMessage());
      }
      text = "it takes no changes: " + failure.getMessage();
    }
  }

  /** After a refusal, writes something of no importance, to see whether that works again. */
  Future<Void> tryAgain() {
    if (text == null) {
      return Future.succeededFuture();
    }
    Request request = Request.cmd(Command.SET).arg(prefix + "meta:probe").arg("1").arg("PX").arg(1);
    return link.send(request)
        .onSuccess(v -> written())
        .onFailure(this::notWritten)
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }
}
