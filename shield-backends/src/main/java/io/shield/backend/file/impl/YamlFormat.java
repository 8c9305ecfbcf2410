package io.shield.backend.file.impl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.yaml.snakeyaml.LoaderOptions;

/** YAML. Loaded only when it is asked for, because its library may be missing. */
final class YamlFormat extends Format {
  YamlFormat() {
    super(new YAMLMapper(factory()));
  }

  private static YAMLFactory factory() {
    LoaderOptions reading = new LoaderOptions();
    // Its default of 3 MiB is less than some thousands of routes.
    reading.setCodePointLimit(Integer.MAX_VALUE);
    return YAMLFactory.builder()
        .loaderOptions(reading)
        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
        .disable(YAMLGenerator.Feature.SPLIT_LINES)
        .build();
  }

  @Override
  String render(ObjectNode tree) throws JsonProcessingException {
    return mapper().writeValueAsString(tree);
  }
}
