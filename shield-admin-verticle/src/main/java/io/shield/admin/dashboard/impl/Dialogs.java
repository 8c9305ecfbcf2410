package io.shield.admin.dashboard.impl;

import io.shield.admin.dashboard.view.Dialog;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Asks before something is done, and has the API do it. */
interface Dialogs {
  /** Whether an action is one of these. */
  boolean handles(String action);

  /** The question before an action on what the keys name. */
  Dialog ask(String action, List<String> keys);

  /** Does it, if everything still is what the person saw. */
  Future<Outcome> act(RoutingContext ctx, String action, Form form);
}
