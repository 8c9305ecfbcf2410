package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shield.RouteAction;
import io.shield.model.audit.Actor;
import io.shield.web.Shield;
import io.shield.web.ShieldHandler;
import io.shield.web.ShieldHandlerOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real proxies in front, set up as the page about them says. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RealProxiesTest {
  private static final Path PAGE = Path.of("../docs/in-front.md");
  private static final Actor ALICE = Actor.of("alice", "cli");

  /** Another address of this host, from which no proxy asks. */
  private static final String NEIGHBOUR = "127.0.0.2";

  enum Proxy {
    NGINX(
        "/usr/sbin/nginx",
        """
        pid DIR/pid;
        daemon off;
        error_log DIR/error.log;
        events {}
        http {
          access_log off;
          client_body_buffer_size 1m;
          client_body_temp_path DIR/body;
          proxy_temp_path DIR/proxy;
          fastcgi_temp_path DIR/fastcgi;
          uwsgi_temp_path DIR/uwsgi;
          scgi_temp_path DIR/scgi;
        PAGE
        }
        """),
    HAPROXY("/usr/sbin/haproxy", "PAGE"),
    APACHE(
        "/usr/sbin/apache2",
        """
        ServerName localhost
        PidFile DIR/pid
        ErrorLog DIR/error.log
        DefaultRuntimeDir DIR
        LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
        LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
        LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
        LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
        LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
        PAGE
        """),
    CADDY("/usr/bin/caddy", "PAGE"),
    VARNISH("/usr/sbin/varnishd", "PAGE"),
    SQUID(
        "/usr/sbin/squid",
        """
        pid_filename none
        cache_log DIR/cache.log
        access_log none
        coredump_dir DIR
        shutdown_lifetime 0 seconds
        visible_hostname localhost
        PAGE
        """),
    LIGHTTPD(
        "/usr/sbin/lighttpd",
        """
        server.document-root = "DIR"
        server.errorlog = "DIR/error.log"
        PAGE
        """);

    private final String program;
    private final String around;

    Proxy(String program, String around) {
      this.program = program;
      this.around = around;
    }

    private List<String> command(Path directory, Path file, int port) {
      String in = directory.toString();
      String from = file.toString();
      return switch (this) {
        case NGINX -> List.of(program, "-p", in, "-c", from);
        case HAPROXY -> List.of(program, "-db", "-f", from);
        case APACHE -> List.of(program, "-DFOREGROUND", "-f", from);
        case CADDY -> List.of(program, "run", "--adapter", "caddyfile", "--config", from);
        case VARNISH ->
            List.of(program, "-F", "-j", "none", "-a", "127.0.0.1:" + port, "-f", from, "-n", in);
        case SQUID -> List.of(program, "-N", "-f", from);
        case LIGHTTPD -> List.of(program, "-D", "-f", from);
      };
    }

    /** Those that the build has, and what else is installed here. */
    private static Stream<Proxy> known() {
      return Stream.of(values())
          .filter(
              proxy ->
                  proxy == NGINX || proxy == HAPROXY || Files.isExecutable(Path.of(proxy.program)));
    }
  }

  @TempDir Path directory;

  // Asks for an upgrade to HTTP/2 with its first request: a proxy that let it pass would see no
  // more.
  private final HttpClient client = HttpClient.newHttpClient();
  private RunningAdmin admin;
  private HttpServer app;
  private Process process;
  private int port;

  @BeforeEach
  void startApp() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    Router router = Router.router(admin.vertx);
    ShieldHandlerOptions options = new ShieldHandlerOptions().setTrustedProxies("127.0.0.1");
    router.route().handler(ShieldHandler.create(admin.engine, router, options));
    Shield.on(router.route("/health/ready")).forceActive().handler(ctx -> ctx.response().end());
    router.route("/x").handler(ctx -> ctx.response().end("x"));
    Shield.on(router.get("/for/stranger"))
        .maintenance("closed")
        .allowIps("198.51.100.7")
        .handler(ctx -> ctx.response().end());
    Shield.on(router.get("/for/peer"))
        .maintenance("closed")
        .allowIps("127.0.0.1")
        .handler(ctx -> open(ctx.response()));
    Shield.on(router.get("/for/neighbour"))
        .maintenance("closed")
        .allowIps(NEIGHBOUR)
        .handler(ctx -> open(ctx.response()));
    app =
        RunningAdmin.await(
            admin.vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    admin.register("/x");
    RunningAdmin.await(
        admin
            .engine
            .routes()
            .apply(
                "/x",
                new RouteAction.Maintenance("upgrade", Instant.now().plus(Duration.ofDays(1))),
                ALICE));
  }

  /** What caches keep, and must ask about each time. */
  private static void open(HttpServerResponse response) {
    response.putHeader("Cache-Control", "max-age=0, must-revalidate").end("peer");
  }

  @AfterEach
  void stop() throws Exception {
    if (process != null) {
      process.destroy();
      process.waitFor();
    }
    admin.close();
  }

  static Stream<Proxy> proxies() {
    return Proxy.known();
  }

  /** Starts a proxy in front of a port. */
  private void start(Proxy proxy, int behind) throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of(proxy.program)),
        proxy.program + " is not installed, so nothing was tried behind it");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String name = proxy.name().toLowerCase(Locale.ROOT);
    Matcher block =
        Pattern.compile("(?s)```" + name + "\n(.*?)```").matcher(Files.readString(PAGE));
    assertThat(block.find()).as("a block for %s", name).isTrue();
    String text =
        proxy
            .around
            .replace("PAGE", block.group(1))
            .replace("DIR", directory.toString())
            .replaceAll("\\b8080\\b", Integer.toString(behind))
            .replaceAll("\\b80\\b", Integer.toString(port));
    Path file = Files.writeString(directory.resolve("proxy.conf"), text);
    Path log = directory.resolve("log");
    process =
        new ProcessBuilder(proxy.command(directory, file, port))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    await()
        .until(
            () -> {
              assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
              return isOpen();
            });
  }

  private boolean isOpen() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException closed) {
      return false;
    }
  }

  private HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
        .timeout(Duration.ofMinutes(1));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** The answer, as it comes, to a request from another address. */
  private String asNeighbour(String target, String forged) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(NEIGHBOUR, 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setSoTimeout(20_000);
      String head =
          "GET "
              + target
              + " HTTP/1.1\r\nHost: 127.0.0.1:"
              + port
              + "\r\nX-Forwarded-For: "
              + forged
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static void assertRefused(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.body()).contains("MAINTENANCE_MODE");
    assertThat(answer.headers().firstValue("Retry-After")).contains("3600");
    assertThat(answer.headers().allValues("Date")).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("proxies")
  void refusalsComeThroughAndAddressesAreTrue(Proxy proxy) throws Exception {
    start(proxy, app.actualPort());
    assertRefused(send(request("/x")));
    String forged = "198.51.100.7";
    assertThat(send(request("/for/stranger").header("X-Forwarded-For", forged)).statusCode())
        .isEqualTo(503);
    assertThat(send(request("/for/peer").header("X-Forwarded-For", forged)).body())
        .isEqualTo("peer");
    assertThat(asNeighbour("/for/peer", forged)).startsWith("HTTP/1.1 503");
    assertThat(asNeighbour("/for/neighbour", forged)).startsWith("HTTP/1.1 200");
    // Caddy closes the connection when more than 256 KiB are left to come, answered or not.
    for (int size : new int[] {10, proxy == Proxy.CADDY ? 200_000 : 700_000}) {
      byte[] body = new byte[size];
      assertRefused(send(request("/x").POST(BodyPublishers.ofByteArray(body))));
    }
    assertThat(asNeighbour("/for/neighbour", forged)).as("still up").startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @MethodSource("proxies")
  void eventStreamsAreLive(Proxy proxy) throws Exception {
    start(proxy, admin.verticle.actualPort());
    HttpRequest request =
        request("/api/events").header("X-Shield-Token", admin.token("viewer")).build();
    HttpResponse<InputStream> answer =
        client.sendAsync(request, BodyHandlers.ofInputStream()).get();
    assertThat(answer.statusCode()).isEqualTo(200);
    try (InputStream body = answer.body()) {
      assertThat(new String(body.readNBytes(20), StandardCharsets.UTF_8)).contains("id: ");
    }
  }
}
