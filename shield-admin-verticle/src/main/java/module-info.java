/** REST API, dashboard, Shield Server and the shield command. */
module io.shield.admin {
  requires static org.jspecify;
  requires transitive io.shield;
  requires io.shield.backend;
  requires transitive io.shield.web;
  requires info.picocli;

  opens io.shield.cli to
      info.picocli;
}
