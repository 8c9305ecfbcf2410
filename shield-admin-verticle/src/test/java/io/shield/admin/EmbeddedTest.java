package io.shield.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.JavaCommand;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** An application that embeds the verticle gets nothing with it that it did not ask for. */
class EmbeddedTest {
  /** Parts of the names of the jars that an application may leave out. */
  private static final List<String> OPTIONAL =
      List.of(
          "slf4j-simple",
          "logback",
          "logstash",
          "opentelemetry",
          "vertx-redis-client",
          "hazelcast",
          "jackson-dataformat-yaml",
          "jackson-dataformat-toml",
          "snakeyaml",
          "prometheus");

  private static Process app;
  private static String url;

  @BeforeAll
  static void start() throws Exception {
    List<String> command = JavaCommand.of(EmbeddedApp.class);
    int path = command.indexOf("-cp") + 1;
    command.set(
        path,
        Arrays.stream(command.get(path).split(File.pathSeparator, -1))
            .filter(
                entry ->
                    OPTIONAL.stream().noneMatch(Path.of(entry).getFileName().toString()::contains))
            .collect(Collectors.joining(File.pathSeparator)));
    app = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader out = new BufferedReader(new InputStreamReader(app.getInputStream(), UTF_8));
    url = "http://127.0.0.1:" + out.readLine();
  }

  @AfterAll
  static void stop() throws Exception {
    app.getOutputStream().close();
    app.waitFor();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void worksWithoutWhatIsOptional() throws Exception {
    assertThat(get("/api/routes").statusCode()).isEqualTo(200);
    assertThat(get("/api/export?format=json").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void namesWhatIsMissingWhenItIsAskedFor() throws Exception {
    assertThat(get("/metrics"))
        .satisfies(
            answer -> assertThat(answer.statusCode()).isEqualTo(503),
            answer ->
                assertThat(answer.body())
                    .contains("io.micrometer:micrometer-registry-prometheus, add it"));
    assertThat(get("/api/export?format=yaml"))
        .satisfies(
            answer -> assertThat(answer.statusCode()).isEqualTo(503),
            answer -> assertThat(answer.body()).contains("jackson-dataformat-yaml, add it"));
  }

  @Test
  void bringsOnlyTheseAlong() throws Exception {
    assertThat(brought())
        .containsExactlyInAnyOrder(
            "shield-api",
            "shield-backends",
            "shield-vertx-handler",
            "vertx-web",
            "vertx-auth-jwt",
            "micrometer-core",
            "picocli",
            "jte-runtime",
            "htmx.org",
            "htmx-ext-sse");
  }

  /** The artifacts that the module's POM hands on. */
  private static Set<String> brought() throws Exception {
    NodeList all =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new File("pom.xml"))
            .getElementsByTagName("dependency");
    return IntStream.range(0, all.getLength())
        .mapToObj(i -> (Element) all.item(i))
        .filter(dependency -> !text(dependency, "scope").equals("test"))
        .filter(dependency -> !text(dependency, "optional").equals("true"))
        .map(dependency -> text(dependency, "artifactId"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String text(Element dependency, String name) {
    NodeList found = dependency.getElementsByTagName(name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent();
  }
}
