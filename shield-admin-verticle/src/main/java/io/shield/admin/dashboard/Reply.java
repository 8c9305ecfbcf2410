package io.shield.admin.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.json.ShieldJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint of the API answers.
 *
 * @param status the HTTP status
 * @param body the text
 * @param headers the headers that are the endpoint's own
 */
public record Reply(int status, String body, Map<String, String> headers) {
  /** Whether what was asked was done. */
  public boolean isOk() {
    return status >= 200 && status < 300;
  }

  /** The body as JSON. */
  public JsonNode json() {
    return ShieldJson.parse("answer", body);
  }

  /** What went wrong, in the API's words. */
  public String error() {
    return json().path("error").asText("The request failed with status " + status + ".");
  }

  /** What is to be told beside what was done. */
  public List<String> warnings() {
    List<String> all = new ArrayList<>();
    json().path("warnings").forEach(warning -> all.add(warning.asText()));
    return all;
  }

  /** The entity tag of what is shown, or null. */
  public @Nullable String tag() {
    return headers.get("ETag");
  }
}
