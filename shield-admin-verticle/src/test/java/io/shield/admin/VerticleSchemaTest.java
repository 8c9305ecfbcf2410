package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldOptions;
import io.shield.ShieldOptions.ColdStart;
import io.shield.error.InvalidValueException;
import io.shield.model.webhook.Webhook;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema of the documentation says the same of a configuration as the code that reads it. */
class VerticleSchemaTest {
  private static final Path DOCS = Path.of("..", "docs");

  private static JsonObject schema() throws IOException {
    return new JsonObject(Files.readString(DOCS.resolve("schema/verticles.json")));
  }

  private static boolean isValid(String definition, JsonObject config) throws IOException {
    JsonObject whole = schema().put("$ref", "#/$defs/" + definition);
    OutputUnit result =
        Validator.create(
                JsonSchema.of(whole),
                new JsonSchemaOptions()
                    .setBaseUri("https://shield.example/")
                    .setDraft(Draft.DRAFT202012)
                    .setOutputFormat(OutputFormat.Flag))
            .validate(config);
    return result.getValid();
  }

  private static ShieldOptions engine() {
    return new ShieldOptions()
        .setName("all")
        .setBackend("file")
        .setRateLimitBackend("memory")
        .setEnvironment("staging")
        .setService("payments")
        .setColdStart(ColdStart.WAIT)
        .setBypassLifecycle(false)
        .setBypassRateLimits(false)
        .setStrict(true)
        .putSetting("SHIELD_FILE_PATH", "x.json")
        .addWebhook(Webhook.of("ops", "https://h/").withEvents(List.of("disable")));
  }

  @Test
  void itKnowsEveryField() throws IOException {
    JsonObject both =
        new JsonObject()
            .put("engine", engine().toJson())
            .put("admin", AdminOptionsTest.everything().toJson());
    JsonObject read = new JsonObject(both.encode());
    for (String verticle : List.of("AdminVerticle", "ShieldServer")) {
      assertThat(isValid(verticle, read)).as(verticle).isTrue();
    }
    assertThat(isValid("ShieldVerticle", read.getJsonObject("engine"))).isTrue();
    assertThat(isValid("AdminVerticle", new JsonObject().put("engine", "payments"))).isTrue();
    assertThat(properties("engine")).isEqualTo(engine().toJson().fieldNames());
    assertThat(properties("admin")).isEqualTo(read.getJsonObject("admin").fieldNames());
  }

  private static java.util.Set<String> properties(String definition) throws IOException {
    return schema()
        .getJsonObject("$defs")
        .getJsonObject(definition)
        .getJsonObject("properties")
        .fieldNames();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'prot': 1}",
        "{'engine': 'a b'}",
        "{'engine': {'colour': 1}}",
        "{'engine': {'coldStart': 'warm'}}",
        "{'engine': {'pollInterval': 9}}",
        "{'engine': {'settings': {'PATH': 'x'}}}",
        "{'engine': {'webhooks': [{'name': 'a', 'url': 'https://h/', 'colour': 1}]}}",
        "{'admin': {'port': 65536}}",
        "{'admin': {'tlsCert': 'cert.pem'}}",
        "{'admin': {'secretKey': 'short'}}",
        "{'admin': {'users': [{'username': 'a', 'password': 'b', 'role': 'king'}]}}",
        "{'admin': {'users': [{'username': 'a', 'password': 'b', 'rule': 'admin'}]}}",
      })
  void bothRefuseWhatIsWrong(String text) throws IOException {
    JsonObject config = new JsonObject(text.replace('\'', '"'));
    assertThat(isValid("AdminVerticle", config)).isFalse();
    // A name is looked up, and not looked at before.
    if (!(config.getValue("engine") instanceof String)) {
      assertThatThrownBy(() -> VerticleConfig.of(config)).isInstanceOf(InvalidValueException.class);
    }
  }

  /** The configurations that the page shows, each with the verticle that stands before it. */
  static List<Object[]> examples() throws IOException {
    Matcher blocks =
        Pattern.compile("(?s)`io\\.shield\\.(?:admin\\.)?(\\w+)`[^`]*```json\n(.*?)```")
            .matcher(Files.readString(DOCS.resolve("add-it.md")));
    List<Object[]> found = new ArrayList<>();
    while (blocks.find()) {
      found.add(new Object[] {blocks.group(1), blocks.group(2)});
    }
    assertThat(found).hasSizeGreaterThanOrEqualTo(3);
    return found;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void itAcceptsWhatThePageShows(String verticle, String config) throws IOException {
    JsonObject json = new JsonObject(config);
    assertThat(isValid(verticle, json)).isTrue();
    if (verticle.equals("ShieldVerticle")) {
      assertThat(new ShieldOptions(json).toJson()).isNotNull();
    } else {
      assertThat(VerticleConfig.of(json).admin()).isNotNull();
    }
  }
}
