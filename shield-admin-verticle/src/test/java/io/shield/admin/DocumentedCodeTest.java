package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every block of Java in README, docs and javadoc compiles: whole classes as they are, the rest in
 * a method. Those of the pages bring their imports, so that they also compile where they are copied
 * to; of javadoc the packages are where it stands.
 */
class DocumentedCodeTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern BLOCK = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern EXAMPLE =
      Pattern.compile("(?s)<pre>\\{@code\n(.*?)\n *\\* *}</pre>");
  private static final Pattern WHOLE =
      Pattern.compile("(?m)^(public |final )*(class|interface|record) (\\w+)");

  private static final Pattern IMPORTS = Pattern.compile("(import [\\w.*]+;\n)+");

  /** What javadoc is read beside. */
  private static final String PACKAGES =
      """
      import com.fasterxml.jackson.databind.*;
      import io.shield.*;
      import io.shield.admin.*;
      import io.shield.backend.cluster.*;
      import io.shield.backend.file.*;
      import io.shield.backend.redis.*;
      import io.shield.backend.server.*;
      import io.shield.decision.*;
      import io.shield.error.*;
      import io.shield.memory.*;
      import io.shield.model.*;
      import io.shield.model.audit.*;
      import io.shield.model.store.*;
      import io.shield.model.webhook.*;
      import io.shield.simple.*;
      import io.shield.spi.*;
      import io.shield.spi.limit.*;
      import io.shield.web.*;
      import io.vertx.core.*;
      import io.vertx.core.http.*;
      import io.vertx.core.json.*;
      import io.vertx.ext.web.*;
      import io.vertx.redis.client.*;
      import java.time.*;
      import java.time.temporal.*;
      import java.util.*;
      """;

  @TempDir Path classes;

  @TestFactory
  List<DynamicTest> compiles() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path page : pages()) {
      Matcher blocks = BLOCK.matcher(Files.readString(page));
      while (blocks.find()) {
        String code = blocks.group(1);
        if (code.startsWith("package ")) {
          continue; // A source file quoted whole; a test beside the source compares them.
        }
        String name = ROOT.relativize(page) + " block " + (tests.size() + 1);
        tests.add(DynamicTest.dynamicTest(name, () -> assertThat(compile(code)).isEmpty()));
      }
    }
    assertThat(tests).as("blocks of Java in the pages").hasSizeGreaterThanOrEqualTo(2);
    return tests;
  }

  @TestFactory
  List<DynamicTest> javadocCompiles() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path source : sources()) {
      Matcher examples = EXAMPLE.matcher(Files.readString(source));
      while (examples.find()) {
        String code = PACKAGES + examples.group(1).replaceAll("(?m)^ *\\* ?", "");
        String name = ROOT.relativize(source) + " example " + (tests.size() + 1);
        tests.add(DynamicTest.dynamicTest(name, () -> assertThat(compile(code)).isEmpty()));
      }
    }
    assertThat(tests).as("examples in javadoc").hasSizeGreaterThanOrEqualTo(2);
    return tests;
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : List.of("shield-api", "shield-vertx-handler", "shield-admin-verticle")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        files.filter(p -> p.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  @Test
  void noticesCodeThatDoesNotCompile() {
    assertThat(compile("engine.routes().closeItSomehow();")).contains("closeItSomehow");
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      List<Path> pages = new ArrayList<>(docs.filter(p -> p.toString().endsWith(".md")).toList());
      pages.add(ROOT.resolve("README.md"));
      return pages;
    }
  }

  /** The compiler's errors; empty if there are none. */
  private String compile(String code) {
    Matcher whole = WHOLE.matcher(code);
    boolean isClass = whole.find();
    String name = isClass ? whole.group(3) : "Sample";
    String source = isClass ? code : inMethod(code);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    List<String> options =
        List.of(
            "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    compiler.getTask(errors, null, null, options, null, List.of(file(name, source))).call();
    return errors.toString();
  }

  private static JavaFileObject file(String name, String source) {
    URI uri = URI.create("string:///" + name + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
      }
    };
  }

  private static String inMethod(String code) {
    Matcher imports = IMPORTS.matcher(code);
    int end = imports.lookingAt() ? imports.end() : 0;
    return code.substring(0, end)
        + """
        class Sample {
          io.vertx.core.Vertx vertx;
          io.shield.ShieldEngine engine;
          io.vertx.ext.web.Router router;

          io.shield.simple.SimpleBackend openStore() {
            return null;
          }

          void payments(io.vertx.ext.web.RoutingContext ctx) {}

          void health(io.vertx.ext.web.RoutingContext ctx) {}

          void debug(io.vertx.ext.web.RoutingContext ctx) {}

          void reports(io.vertx.ext.web.RoutingContext ctx) {}

          void old(io.vertx.ext.web.RoutingContext ctx) {}

          void search(io.vertx.ext.web.RoutingContext ctx) {}

          void sample() throws Exception {
        """
        + code.substring(end)
        + "\n  }\n}\n";
  }
}
