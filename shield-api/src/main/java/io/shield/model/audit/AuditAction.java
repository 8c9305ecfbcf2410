package io.shield.model.audit;

import io.shield.model.RouteStatus;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The actions an audit entry can name. They are plain strings, because a log shared with other
 * versions may hold more.
 */
public final class AuditAction {
  public static final String ENABLE = "enable";
  public static final String DISABLE = "disable";
  public static final String MAINTENANCE_ON = "maintenance_on";
  public static final String MAINTENANCE_OFF = "maintenance_off";
  public static final String ENV_GATE = "env_gate";
  public static final String DEPRECATE = "deprecate";
  public static final String CANARY_SET = "canary_set";
  public static final String SCHEDULE_SET = "schedule_set";
  public static final String SCHEDULE_CANCELLED = "schedule_cancelled";
  public static final String FORGET = "forget";
  public static final String GLOBAL_MAINTENANCE_ON = "global_maintenance_on";
  public static final String GLOBAL_MAINTENANCE_OFF = "global_maintenance_off";
  public static final String SERVICE_MAINTENANCE_ON = "service_maintenance_on";
  public static final String SERVICE_MAINTENANCE_OFF = "service_maintenance_off";
  public static final String RL_POLICY_SET = "rl_policy_set";
  public static final String RL_POLICY_UPDATED = "rl_policy_updated";
  public static final String RL_POLICY_DELETED = "rl_policy_deleted";
  public static final String RL_RESET = "rl_reset";

  /** Begins the actions on the fleet's rate limit: {@code global_rl_set} and so on. */
  public static final String GLOBAL_RL = "global_rl_";

  /** Begins the actions on a service's rate limit: {@code svc_rl_set} and so on. */
  public static final String SVC_RL = "svc_rl_";

  public static final String WEBHOOK_SET = "webhook_set";
  public static final String WEBHOOK_DELETED = "webhook_deleted";
  public static final String WEBHOOK_SECRET_ROTATED = "webhook_secret_rotated";
  public static final String STORE_ADOPT = "store_adopt";
  public static final String STORE_RESEED = "store_reseed";
  public static final String STORE_MEMBERS = "store_members";

  /** All of them. */
  public static final Set<String> ALL = all();

  private AuditAction() {}

  private static Set<String> all() {
    Set<String> all = new TreeSet<>();
    all.addAll(List.of(ENABLE, DISABLE, MAINTENANCE_ON, MAINTENANCE_OFF, ENV_GATE, DEPRECATE));
    all.addAll(List.of(CANARY_SET, SCHEDULE_SET, SCHEDULE_CANCELLED, FORGET));
    all.addAll(List.of(GLOBAL_MAINTENANCE_ON, GLOBAL_MAINTENANCE_OFF));
    all.addAll(List.of(SERVICE_MAINTENANCE_ON, SERVICE_MAINTENANCE_OFF));
    all.addAll(List.of(RL_POLICY_SET, RL_POLICY_UPDATED, RL_POLICY_DELETED, RL_RESET));
    for (String wide : List.of(GLOBAL_RL, SVC_RL)) {
      for (String done : List.of("set", "updated", "deleted", "reset", "enabled", "disabled")) {
        all.add(wide + done);
      }
    }
    all.addAll(List.of(STORE_ADOPT, STORE_RESEED, STORE_MEMBERS));
    return Collections.unmodifiableSet(all);
  }

  /** The action that a change from one status to another is logged as. */
  public static String ofStatusChange(RouteStatus previous, RouteStatus next) {
    if (next == RouteStatus.MAINTENANCE) {
      return MAINTENANCE_ON;
    }
    if (previous == RouteStatus.MAINTENANCE) {
      return next == RouteStatus.DISABLED ? DISABLE : MAINTENANCE_OFF;
    }
    return switch (next) {
      case DISABLED -> DISABLE;
      case ENV_GATED -> ENV_GATE;
      case DEPRECATED -> DEPRECATE;
      default -> ENABLE;
    };
  }
}
