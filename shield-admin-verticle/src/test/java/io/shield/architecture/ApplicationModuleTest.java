package io.shield.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is a module itself needs nothing but what Shield brings along. */
class ApplicationModuleTest {
  @TempDir Path directory;

  private Path source(String name, String... lines) throws IOException {
    return Files.write(directory.resolve(name), List.of(lines));
  }

  /** What an application has on its module path: annotations are no dependency of it. */
  private static String modulePath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.contains("jspecify"))
        // What tests share stands beside the module, not in it.
        .filter(entry -> !entry.contains("fixtures"))
        .filter(entry -> entry.endsWith(".jar") || hasModule(entry))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean hasModule(String entry) {
    return Files.exists(Path.of(entry, "module-info.class"));
  }

  @Test
  void itCompiles() throws IOException {
    List<Path> sources =
        List.of(
            source(
                "module-info.java",
                "module application {",
                "  requires io.shield.admin;",
                "  requires io.shield.web;",
                "}"),
            source(
                "Application.java",
                "package application;",
                "import io.shield.ShieldEngine;",
                "import io.shield.model.RouteState;",
                "import io.shield.web.ShieldHandler;",
                "import io.vertx.core.Vertx;",
                "import io.vertx.ext.web.Router;",
                "public final class Application {",
                "  public static String start(Vertx vertx) {",
                "    ShieldEngine engine = ShieldEngine.create(vertx);",
                "    Router router = Router.router(vertx);",
                "    router.route().handler(ShieldHandler.create(engine, router));",
                "    RouteState state = engine.snapshot().state(\"GET:/pay\");",
                "    return state == null ? \"unknown\" : state.reason();",
                "  }",
                "}"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("--module-path", modulePath(), "--release", "17", "-d", directory.toString());
      boolean compiled =
          compiler
              .getTask(
                  problems, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(compiled).as(problems.toString()).isTrue();
    }
  }
}
