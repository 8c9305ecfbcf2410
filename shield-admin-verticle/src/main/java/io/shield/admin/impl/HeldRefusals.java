package io.shield.admin.impl;

import io.shield.internal.ClientAddress;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;

/**
 * Refusals of streams that are answered after a pause: the SDKs of api-shield and waygate ask again
 * at once, and as fast as they are answered. So many are held at most; what comes beyond is
 * answered at once. Thread-safe.
 */
final class HeldRefusals {
  static final int MOST = 256;
  static final int MOST_PER_ADDRESS = 8;
  private static final long HOLD_MILLIS = 3_000;

  private final ClientAddress addresses;
  private final Map<String, Integer> perAddress = new HashMap<>();
  private int held;

  HeldRefusals(ClientAddress addresses) {
    this.addresses = addresses;
  }

  /** Sends an answer: a refusal to such an SDK after a pause, if there is room. */
  void send(RoutingContext ctx, Endpoint endpoint, Answer answer) {
    HttpServerRequest request = ctx.request();
    boolean stream = answer.status() >= 400 && endpoint.path().equals(EventsApi.OF_SERVICES);
    // Shield's own engines pause by themselves.
    boolean impatient =
        Family.header(request, "App-Id") != null && request.getHeader("Accept-Version") == null;
    String address = String.valueOf(addresses.of(request));
    if (!stream || !impatient || !hold(address)) {
      answer.send(ctx);
      return;
    }
    ctx.vertx()
        .setTimer(
            HOLD_MILLIS,
            timer -> {
              release(address);
              HttpServerResponse response = ctx.response();
              if (!response.ended() && !response.closed()) {
                answer.send(ctx);
              }
            });
  }

  private synchronized boolean hold(String address) {
    int own = perAddress.getOrDefault(address, 0);
    if (held >= MOST || own >= MOST_PER_ADDRESS) {
      return false;
    }
    held++;
    perAddress.put(address, own + 1);
    return true;
  }

  private synchronized void release(String address) {
    held--;
    perAddress.computeIfPresent(address, (key, own) -> own == 1 ? null : own - 1);
  }
}
