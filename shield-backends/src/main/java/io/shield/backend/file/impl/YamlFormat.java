package io.shield.backend.file.impl;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactoryBuilder;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.Reader;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** YAML. Loaded only when it is asked for, because its library may be missing. */
final class YamlFormat extends Format {
  YamlFormat() {
    super(new Factory(options()));
  }

  private static YAMLFactoryBuilder options() {
    LoaderOptions reading = new LoaderOptions();
    // Its default of 3 MiB is less than some thousands of routes.
    reading.setCodePointLimit(Integer.MAX_VALUE);
    return YAMLFactory.builder()
        .loaderOptions(reading)
        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
        .disable(YAMLGenerator.Feature.SPLIT_LINES);
  }

  @Override
  String render(ObjectNode tree) throws IOException {
    return plain(tree, null);
  }

  /** Its message is a drawing on several lines, which are counted from 0. */
  @Override
  UnreadableException unreadable(JsonProcessingException e) {
    if (!(e.getCause() instanceof MarkedYAMLException marked) || marked.getProblemMark() == null) {
      return super.unreadable(e);
    }
    String context = marked.getContext();
    return new UnreadableException(
        marked.getProblem() + (context == null ? "" : " " + context),
        marked.getProblemMark().getLine() + 1,
        marked.getProblemMark().getColumn() + 1);
  }

  /** The library reads an alias as the name of what it stands for. */
  private static final class Factory extends YAMLFactory {
    private static final long serialVersionUID = 1L;

    Factory(YAMLFactoryBuilder options) {
      super(options);
    }

    @Override
    protected YAMLParser _createParser(Reader text, IOContext context) {
      return new YAMLParser(
          context, _parserFeatures, _yamlParserFeatures, _loaderOptions, _objectCodec, text) {
        @Override
        public JsonToken nextToken() throws IOException {
          JsonToken token = super.nextToken();
          if (isCurrentAlias()) {
            throw new JsonParseException(
                this, "aliases (*" + getText() + ") are not allowed: write the value out");
          }
          return token;
        }
      };
    }
  }
}
