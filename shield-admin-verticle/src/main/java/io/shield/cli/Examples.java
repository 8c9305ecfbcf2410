package io.shield.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What may be typed, for the help of each command. */
final class Examples {
  private static final Map<String, List<String>> ALL = new HashMap<>();

  static {
    add("login", "login alice", "login alice --server-url https://api.example.com/shield");
    add("logout", "logout", "logout --context production");
    add("config show", "config show", "config show --context production -o json");
    add(
        "config set-url",
        "config set-url http://localhost:8080/shield",
        "config set-url https://api.example.com/shield --context production");
    add("config contexts", "config contexts", "config contexts -o name");
    add("config use-context", "config use-context production", "config use-context default");
    add(
        "config delete-context",
        "config delete-context production",
        "config delete-context production -o json");
    add("status", "status", "status GET:/payments", "status --service shop -o json");
    add("enable", "enable GET:/payments", "enable 'GET:/v1/**' --reason 'fixed'");
    add(
        "disable",
        "disable GET:/payments --reason 'duplicate charges' --until 2h",
        "disable 'GET:/v1/**' /search --dry-run",
        "disable GET:/payments --allow-ip 192.0.2.0/24");
    add(
        "maintenance",
        "maintenance GET:/payments --reason 'DB swap' --until 2h",
        "maintenance GET:/payments --start 2030-01-01T02:00Z --for 30m",
        "maintenance GET:/payments --allow-role ops");
    add(
        "schedule",
        "schedule GET:/payments --start +2h --for 30m",
        "schedule GET:/payments --start 2030-01-01T02:00 --end 2030-01-01T04:00 --tz Europe/Berlin",
        "schedule GET:/payments --cancel");
    add("env set", "env set GET:/preview staging", "env set GET:/preview dev staging --until 7d");
    add("env clear", "env clear GET:/preview", "env clear GET:/preview --reason 'launched'");
    add(
        "deprecate",
        "deprecate GET:/v1/orders --sunset 90d --successor /v2/orders",
        "deprecate 'GET:/v1/**' --sunset 2030-01-01");
    add("canary", "canary GET:/payments 5", "canary GET:/payments 0 --reason 'back to nobody'");
    add("forget", "forget GET:/old", "forget GET:/old --force");
    add("explain", "explain GET /payments", "explain POST '/orders/42' --service shop");
    add("global status", "global status", "global status -o json");
    add(
        "global enable",
        "global enable --reason 'moving house' --exempt /health",
        "global enable --include-force-active --yes");
    add("global disable", "global disable", "global disable -o json");
    add("global exempt-add", "global exempt-add /health", "global exempt-add GET:/ready");
    add("global exempt-remove", "global exempt-remove /health", "global exempt-remove GET:/ready");
    add("service-maintenance status", "sm status shop", "sm status shop -o json");
    add("service-maintenance enable", "sm enable shop --reason 'DB swap'", "sm enable shop -e /up");
    add("service-maintenance disable", "sm disable shop", "sm disable shop -o json");
    add("services", "services", "services -o json");
    add("current-service", "current-service", "current-service -o name");
    add("rate-limits list", "rl list", "rl list -o json");
    add(
        "rate-limits set",
        "rl set GET:/search 100/minute --key user",
        "rl set GET:/search --tier pro=1000/minute --dry-run",
        "rl set GET:/search 50/minute --shadow");
    add("rate-limits pause", "rl pause GET:/search", "rl pause GET:/cart --service shop");
    add("rate-limits resume", "rl resume GET:/search", "rl resume GET:/cart --service shop");
    add("rate-limits reset", "rl reset GET:/search", "rl reset /search");
    add("rate-limits delete", "rl delete GET:/search", "rl delete GET:/cart --service shop");
    add("rate-limits hits", "rl hits", "rl hits --route /search --per-page 50");
    for (String wide : List.of("grl", "srl")) {
      String name = wide.equals("grl") ? "global-rate-limit " : "service-rate-limit ";
      String whose = wide.equals("grl") ? "" : " shop";
      add(
          name + "set",
          wide + " set" + whose + " 1000/minute --exempt /health",
          wide + " set" + whose + " --burst 50 --dry-run");
      for (String action : List.of("get", "delete", "reset", "enable", "disable")) {
        String line = wide + " " + action + whose;
        add(name + action, line, line + " -o json");
      }
    }
    add(
        "log",
        "log --since 1h",
        "log --route /search --actor alice",
        "log --action disable -o json");
    add("clients", "clients", "clients -o json");
    add("serve", "serve", "serve --port 9001 --backend redis --redis-url redis://localhost:6379/0");
    add("watch", "watch", "watch GET:/payments --count 1 --timeout 5m", "watch -o json");
    add("demo", "demo", "demo --port 9090");
    add("store status", "store status", "store status -o json");
    add("store adopt", "store adopt", "store adopt --yes --reason 'restored from backup'");
    add("store reseed", "store reseed", "store reseed --yes --reason 'the disk is new'");
    add("store members", "store members 3", "store members 5 --yes");
    add("token list", "token list", "token list -o json");
    add(
        "token create",
        "token create --name ci-deploy --role operator --expires-in 90d",
        "token create --role sdk --service shop");
    add(
        "token revoke",
        "token revoke 6f1c9a52-0c1f-4b7e-9f3a-2d1b8c7e5a40",
        "token revoke 6f1c9a52-0c1f-4b7e-9f3a-2d1b8c7e5a40 -o json");
    add("hash-password", "hash-password", "hash-password --password-stdin < password.txt");
    add(
        "completion",
        "completion bash > ~/.local/share/bash-completion/completions/shield",
        "completion fish > ~/.config/fish/completions/shield.fish");
    add("version", "version", "version -o json");
    add("export", "export > declared.yaml", "export -o json");
    add("diff", "diff declared.yaml", "diff declared.yaml -o json");
    add("apply", "apply declared.yaml", "apply declared.yaml --dry-run");
    add("webhook list", "webhook list", "webhook list -o json");
    add(
        "webhook add",
        "webhook add chat https://hooks.example.com/shield",
        "webhook add chat https://hooks.example.com/shield -o json");
    String hook = "chat";
    for (String what : List.of("delete", "deliveries", "disable", "enable", "rotate", "test")) {
      String command = "webhook " + what;
      add(command, command + " " + hook, command + " " + hook + " -o json");
    }
    add(
        "webhook redeliver",
        "webhook redeliver chat msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
        "webhook redeliver chat msg_2KWPBgLlAfxdpx2AI54pPJ85f4W -o json");
  }

  private Examples() {}

  private static void add(String command, String... lines) {
    ALL.put(command, List.of(lines));
  }

  /**
   * The examples of a command, without {@code shield} before them.
   *
   * @param command its names, those of its groups first
   */
  static List<String> of(String command) {
    return ALL.getOrDefault(command, List.of());
  }
}
