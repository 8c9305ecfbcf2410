package io.shield.admin.dashboard.impl;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Scripts, styles and the icon. They are read once, and served under a name that changes with their
 * content, so that browsers may keep them for ever.
 */
final class Assets {
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String WEBJAR = "META-INF/resources/webjars/%s/%s/%s";

  private record Asset(String contentType, Buffer content) {}

  private final Map<String, Asset> assets = new LinkedHashMap<>();
  private final String path;

  Assets() {
    add("htmx.js", SCRIPT, webjar("htmx.org", "dist/htmx.min.js"));
    add("sse.js", SCRIPT, webjar("htmx-ext-sse", "sse.js"));
    add("dashboard.js", SCRIPT, own("dashboard.js"));
    add("dashboard.css", "text/css; charset=utf-8", own("dashboard.css"));
    add("icon.svg", "image/svg+xml", own("icon.svg"));
    this.path = "assets/" + digest();
  }

  /** Where they are, below the dashboard. */
  String path() {
    return path;
  }

  void mount(Router router, String prefix) {
    assets.forEach(
        (name, asset) -> router.get(prefix + path + "/" + name).handler(ctx -> send(ctx, asset)));
  }

  private static void send(RoutingContext ctx, Asset asset) {
    HttpServerResponse response = ctx.response();
    response.putHeader("Content-Type", asset.contentType);
    response.putHeader("Cache-Control", "public, max-age=31536000, immutable");
    response.end(asset.content);
  }

  private void add(String name, String contentType, byte[] content) {
    assets.put(name, new Asset(contentType, Buffer.buffer(content)));
  }

  private String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      assets.values().forEach(asset -> digest.update(asset.content.getBytes()));
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] own(String name) {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      return bytes(name, in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of a WebJar; its version is the one that stands in the jar. */
  private static byte[] webjar(String artifact, String file) {
    ClassLoader loader = Assets.class.getClassLoader();
    String name = WEBJAR.formatted(artifact, version(loader, artifact), file);
    try (InputStream in = loader.getResourceAsStream(name)) {
      return bytes(name, in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String version(ClassLoader loader, String artifact) {
    String name = "META-INF/maven/org.webjars.npm/" + artifact + "/pom.properties";
    try (InputStream in = loader.getResourceAsStream(name)) {
      Properties pom = new Properties();
      pom.load(new StringReader(new String(bytes(name, in), StandardCharsets.UTF_8)));
      return pom.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String name, @Nullable InputStream in) throws IOException {
    if (in == null) {
      throw new IllegalStateException(name + " is missing: the dashboard's jars are incomplete");
    }
    return in.readAllBytes();
  }
}
