package io.shield.admin.dashboard;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call of an endpoint of the API.
 *
 * @param method its method
 * @param endpoint its path as a template, {@code /api/explain} for instance
 * @param parameters those of its path and of its query
 * @param body its fields
 * @param ifMatch the entity tag that must still be the current one, or null for any
 */
public record ApiCall(
    HttpMethod method,
    String endpoint,
    Map<String, String> parameters,
    ObjectNode body,
    @Nullable String ifMatch) {
  public ApiCall {
    parameters = Map.copyOf(parameters);
  }

  /** A call that only looks. */
  public static ApiCall get(String endpoint) {
    return of(HttpMethod.GET, endpoint);
  }

  /** A call without parameters and fields. */
  public static ApiCall of(HttpMethod method, String endpoint) {
    return new ApiCall(method, endpoint, Map.of(), JsonNodeFactory.instance.objectNode(), null);
  }

  /** The same with one more parameter, unless its value is null or empty. */
  public ApiCall with(String parameter, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return this;
    }
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(parameter, value);
    return new ApiCall(method, endpoint, more, body, ifMatch);
  }

  /** The same with these fields. */
  public ApiCall withBody(ObjectNode fields) {
    return new ApiCall(method, endpoint, parameters, fields, ifMatch);
  }

  /** The same under the condition that the entity tag is still the current one. */
  public ApiCall ifMatch(@Nullable String tag) {
    return new ApiCall(method, endpoint, parameters, body, tag);
  }
}
