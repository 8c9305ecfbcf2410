package io.shield.admin.dashboard.impl;

import io.shield.ShieldEngine;
import io.shield.Store;
import io.shield.admin.dashboard.view.Notice;
import io.shield.internal.EngineInternals;
import io.shield.model.MaintenanceMode;
import java.util.ArrayList;
import java.util.List;

/** What overrides the tables, or must be known at once: stands above every page. */
final class Notices {
  private final ShieldEngine engine;
  private final EngineInternals internals;

  Notices(ShieldEngine engine, EngineInternals internals) {
    this.engine = engine;
    this.internals = internals;
  }

  List<Notice> now() {
    List<Notice> notices = new ArrayList<>();
    if (internals.gates().isBypassed()) {
      notices.add(
          new Notice(
              "danger",
              "Bypassed:",
              "this process enforces no state, whatever is shown below.",
              "",
              ""));
    }
    store(notices);
    MaintenanceMode global = engine.snapshot().globalMaintenance();
    if (global.enabled()) {
      notices.add(
          new Notice(
              "danger",
              "The whole fleet is under maintenance.",
              global.reason(),
              "services",
              "See services"));
    }
    for (String service : Services.names(engine)) {
      MaintenanceMode mode = engine.snapshot().serviceMaintenance(service);
      if (mode.enabled()) {
        notices.add(
            new Notice(
                "warning",
                "The service " + service + " is under maintenance.",
                mode.reason(),
                "services",
                "See services"));
      }
    }
    return notices;
  }

  private void store(List<Notice> notices) {
    Store.Status status = engine.store().status();
    String text = Services.store(status);
    if (status.condition() != Store.Status.Condition.READY) {
      notices.add(new Notice("danger", text, "", "store", "See the store"));
    }
    if (status.warning() != null) {
      notices.add(new Notice("warning", "Store:", status.warning(), "store", "See the store"));
    }
  }
}
