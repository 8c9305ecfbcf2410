package io.shield.cli.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.terminal.CommandFailure;
import io.shield.json.ShieldJson;
import io.shield.json.Times;
import io.shield.model.InvalidValueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code ~/.shield/config.json}: the address and sign-in of each context. The context {@link
 * #DEFAULT} is kept at the top, where the original's command keeps its only one. Only the owner can
 * read the file; it is replaced as a whole, and fields that are not known here stay.
 */
public final class ConfigFile {
  /** The context that is there without being made. */
  public static final String DEFAULT = "default";

  private static final String CONTEXTS = "contexts";
  private static final String CURRENT = "current_context";
  private static final String URL = "server_url";
  private static final String AUTH = "auth";

  private final Path directory;
  private final Path path;
  private final ObjectNode root;

  private ConfigFile(Path directory, ObjectNode root) {
    this.directory = directory;
    this.root = root;
    path = directory.resolve("config.json");
  }

  /**
   * Reads the file of a home directory; without one, nothing is configured.
   *
   * @throws CommandFailure if there is one and it cannot be read
   */
  public static ConfigFile read(Path home) {
    Path directory = home.resolve(".shield");
    Path path = directory.resolve("config.json");
    if (!Files.exists(path)) {
      return new ConfigFile(directory, JsonNodeFactory.instance.objectNode());
    }
    try {
      JsonNode json = ShieldJson.parse(path.toString(), Files.readString(path));
      if (json instanceof ObjectNode object) {
        return new ConfigFile(directory, object);
      }
      throw unreadable(path, "it is not a JSON object");
    } catch (IOException | InvalidValueException e) {
      throw unreadable(path, CommandFailure.messageOf(e));
    }
  }

  private static CommandFailure unreadable(Path path, String why) {
    return CommandFailure.usage(
        "cannot read " + path + ": " + why, "correct the file, or remove it and sign in again");
  }

  /** Where the file is. */
  public Path path() {
    return path;
  }

  /** The context that is used unless another is named. */
  public String current() {
    return root.path(CURRENT).asText(DEFAULT);
  }

  /** All contexts, the default one first. */
  public List<String> contexts() {
    List<String> names = new ArrayList<>();
    names.add(DEFAULT);
    root.path(CONTEXTS).fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Whether a context exists. */
  public boolean has(String context) {
    return contexts().contains(context);
  }

  /** The address of a context's server, or null if none is kept. */
  public @Nullable String url(String context) {
    return textOf(section(context).path(URL));
  }

  /** The sign-in of a context, or null if none is kept. */
  public @Nullable SignIn signIn(String context) {
    JsonNode auth = section(context).path(AUTH);
    String token = textOf(auth.path("token"));
    if (token == null) {
      return null;
    }
    String until = textOf(auth.path("expires_at"));
    try {
      return new SignIn(
          token,
          auth.path("username").asText(""),
          until == null ? null : Times.parse("expires_at", until),
          // The original keeps no server beside the token: it is the context's.
          auth.has(URL) ? textOf(auth.path(URL)) : url(context));
    } catch (InvalidValueException e) {
      throw unreadable(path, CommandFailure.messageOf(e));
    }
  }

  /** Keeps the address of a context's server. */
  public void setUrl(String context, String url) {
    change(context, section -> section.put(URL, url));
  }

  /** Keeps a context's sign-in; null forgets it. */
  public void setSignIn(String context, @Nullable SignIn signIn) {
    change(
        context,
        section -> {
          section.remove(AUTH);
          if (signIn != null) {
            ObjectNode auth = section.putObject(AUTH);
            auth.put("token", signIn.token()).put("username", signIn.username());
            if (signIn.expiresAt() != null) {
              auth.put("expires_at", signIn.expiresAt().toString());
            }
            auth.put(URL, signIn.serverUrl());
          }
        });
  }

  /** Makes a context the one that is used unless another is named. */
  public void use(String context) {
    root.put(CURRENT, context);
    write();
  }

  /** Forgets a context with its sign-in; the default one stays, but empty. */
  public void delete(String context) {
    if (context.equals(DEFAULT)) {
      root.remove(List.of(URL, AUTH));
    } else if (root.get(CONTEXTS) instanceof ObjectNode contexts) {
      contexts.remove(context);
    }
    if (context.equals(current())) {
      root.remove(CURRENT);
    }
    write();
  }

  private JsonNode section(String context) {
    return context.equals(DEFAULT) ? root : root.path(CONTEXTS).path(context);
  }

  private void change(String context, Consumer<ObjectNode> edit) {
    ObjectNode section = root;
    if (!context.equals(DEFAULT)) {
      section = root.withObjectProperty(CONTEXTS).withObjectProperty(context);
    }
    edit.accept(section);
    write();
  }

  private void write() {
    try {
      Files.createDirectories(directory, permissions(directory, "rwx------"));
      Path draft =
          Files.createTempFile(directory, "config", ".tmp", permissions(directory, "rw-------"));
      try {
        Files.writeString(draft, pretty());
        Files.move(
            draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw CommandFailure.failed(
          "cannot write " + path + ": " + CommandFailure.messageOf(e), "check who may write there");
    }
  }

  /** None where the file system knows no owner's permissions. */
  private static FileAttribute<?>[] permissions(Path at, String permissions) {
    return at.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private String pretty() throws JsonProcessingException {
    return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(root)
        + "\n";
  }

  private static @Nullable String textOf(JsonNode node) {
    return node.isTextual() && !node.textValue().isBlank() ? node.textValue() : null;
  }
}
