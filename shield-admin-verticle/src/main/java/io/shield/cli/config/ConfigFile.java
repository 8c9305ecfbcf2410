package io.shield.cli.config;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.terminal.CommandFailure;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import io.shield.json.Times;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
  private static final String CA_FILE = "ca_file";

  /** Sign-ins on other servers than the context's own, by their address. */
  private static final String OTHERS = "other_auth";

  private final Path directory;
  private final Path path;
  private ObjectNode root;

  private ConfigFile(Path directory) {
    this.directory = directory;
    path = directory.resolve("config.json");
    root = stored();
  }

  /**
   * Reads the file of a home directory; without one, nothing is configured.
   *
   * @throws CommandFailure if there is one and it cannot be read
   */
  public static ConfigFile read(Path home) {
    return new ConfigFile(home.resolve(".shield"));
  }

  private ObjectNode stored() {
    // A file of that name holds settings of processes that are started at home.
    if (!Files.isDirectory(directory)) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      String text = Files.readString(path);
      hide();
      JsonNode json = ShieldJson.parse(path.toString(), text);
      String wrong = wrong(json);
      if (wrong != null) {
        throw unreadable(path, wrong);
      }
      return (ObjectNode) json;
    } catch (NoSuchFileException absent) {
      return JsonNodeFactory.instance.objectNode();
    } catch (IOException | InvalidValueException e) {
      throw unreadable(path, CommandFailure.messageOf(e));
    }
  }

  /** Another program, or an editor, may have left it readable by others. */
  private void hide() {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    Set<PosixFilePermission> owners = PosixFilePermissions.fromString("rwx------");
    try {
      if (view != null && !owners.containsAll(view.readAttributes().permissions())) {
        view.setPermissions(PosixFilePermissions.fromString("rw-------"));
      }
    } catch (IOException mountedOrSomebodyElses) {
      // Whoever put it there decided who reads it.
    }
  }

  /** What is not of the form it must have, or null. */
  private static @Nullable String wrong(JsonNode json) {
    if (!json.isObject()) {
      return "it is not a JSON object";
    }
    JsonNode contexts = json.path(CONTEXTS);
    if (!isAbsentOr(contexts, JsonNode::isObject)) {
      return CONTEXTS + " is not an object";
    }
    JsonNode current = json.path(CURRENT);
    boolean known = contexts.has(current.asText()) || current.asText().equals(DEFAULT);
    if (!isAbsentOr(current, node -> node.isTextual() && known)) {
      return CURRENT + " is not the name of a context";
    }
    List<JsonNode> sections = new ArrayList<>();
    sections.add(json);
    contexts.forEach(sections::add);
    for (JsonNode section : sections) {
      boolean right =
          section.isObject()
              && isAbsentOr(section.path(URL), JsonNode::isTextual)
              && isAbsentOr(section.path(CA_FILE), JsonNode::isTextual)
              && isAbsentOr(section.path(AUTH), JsonNode::isObject)
              && isAbsentOr(section.path(OTHERS), ConfigFile::isOfObjects);
      if (!right) {
        return "a context needs "
            + URL
            + " and "
            + CA_FILE
            + " as strings, "
            + AUTH
            + " as an object and "
            + OTHERS
            + " as an object of objects";
      }
    }
    return null;
  }

  private static boolean isOfObjects(JsonNode node) {
    return node.isObject() && node.properties().stream().allMatch(e -> e.getValue().isObject());
  }

  private static boolean isAbsentOr(JsonNode node, Predicate<JsonNode> right) {
    return node.isMissingNode() || node.isNull() || right.test(node);
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

  /** The sign-in of a context on a server, or null if none is kept. */
  public @Nullable SignIn signIn(String context, String server) {
    return signIns(context).stream()
        .filter(kept -> server.equals(kept.serverUrl()))
        .findFirst()
        .orElse(null);
  }

  /** All sign-ins of a context, each on a server of its own. */
  public List<SignIn> signIns(String context) {
    JsonNode section = section(context);
    List<SignIn> all = new ArrayList<>();
    add(all, section.path(AUTH), ownServer(section));
    section.path(OTHERS).properties().forEach(other -> add(all, other.getValue(), other.getKey()));
    return all;
  }

  private void add(List<SignIn> all, JsonNode auth, @Nullable String server) {
    String token = textOf(auth.path("token"));
    if (token == null || server == null) {
      return;
    }
    String until = textOf(auth.path("expires_at"));
    try {
      all.add(
          new SignIn(
              token,
              auth.path("username").asText(""),
              until == null ? null : Times.parse("expires_at", until),
              server));
    } catch (InvalidValueException e) {
      throw unreadable(path, CommandFailure.messageOf(e));
    }
  }

  /** The server of what is at the place that the original knows. */
  private static @Nullable String ownServer(JsonNode section) {
    JsonNode auth = section.path(AUTH);
    // The original keeps no server beside the token: it is the context's.
    return textOf(auth.has(URL) ? auth.path(URL) : section.path(URL));
  }

  /** The file with the certificates that a context trusts, or null if none is kept. */
  public @Nullable String caFile(String context) {
    return textOf(section(context).path(CA_FILE));
  }

  /**
   * Keeps the address of a context's server, and by whom its certificate has to be signed.
   *
   * @param caFile a file with certificates, or null for whom Java trusts
   */
  public void setServer(String context, String url, @Nullable String caFile) {
    change(
        context,
        section -> {
          // A token goes on belonging to the server that issued it.
          if (section.get(AUTH) instanceof ObjectNode auth) {
            auth.put(URL, ownServer(section));
          }
          section.put(URL, url);
          section.remove(CA_FILE);
          if (caFile != null) {
            section.put(CA_FILE, caFile);
          }
        });
  }

  /** Keeps a sign-in of a context, in place of one on the same server; others stay. */
  public void keep(String context, SignIn signIn) {
    change(
        context,
        section -> {
          String server = signIn.serverUrl();
          remove(section, server);
          String own = textOf(section.path(URL));
          boolean first = !section.has(AUTH) && own == null;
          if (first || server.equals(own)) {
            String former = ownServer(section);
            if (former != null && section.get(AUTH) instanceof ObjectNode auth) {
              section.withObjectProperty(OTHERS).set(former, auth);
            }
            section.set(AUTH, json(signIn));
          } else {
            section.withObjectProperty(OTHERS).set(server, json(signIn));
          }
        });
  }

  /** Forgets the sign-in of a context on a server; others stay. */
  public void forget(String context, String server) {
    change(context, section -> remove(section, server));
  }

  private static void remove(ObjectNode section, String server) {
    if (server.equals(ownServer(section))) {
      section.remove(AUTH);
    }
    if (section.get(OTHERS) instanceof ObjectNode others) {
      others.remove(server);
      if (others.isEmpty()) {
        section.remove(OTHERS);
      }
    }
  }

  private static ObjectNode json(SignIn signIn) {
    ObjectNode auth = JsonNodeFactory.instance.objectNode();
    auth.put("token", signIn.token()).put("username", signIn.username());
    if (signIn.expiresAt() != null) {
      auth.put("expires_at", signIn.expiresAt().toString());
    }
    auth.put(URL, signIn.serverUrl());
    return auth;
  }

  /** Makes a context the one that is used unless another is named. */
  public void use(String context) {
    change(latest -> latest.put(CURRENT, context));
  }

  /** Forgets a context with its sign-in; the default one stays, but empty. */
  public void delete(String context) {
    change(
        latest -> {
          if (context.equals(DEFAULT)) {
            latest.remove(List.of(URL, CA_FILE, AUTH, OTHERS));
          } else if (latest.get(CONTEXTS) instanceof ObjectNode contexts) {
            contexts.remove(context);
          }
          if (context.equals(latest.path(CURRENT).asText())) {
            latest.remove(CURRENT);
          }
        });
  }

  private JsonNode section(String context) {
    return context.equals(DEFAULT) ? root : root.path(CONTEXTS).path(context);
  }

  private void change(String context, Consumer<ObjectNode> edit) {
    change(
        latest ->
            edit.accept(
                context.equals(DEFAULT)
                    ? latest
                    : latest.withObjectProperty(CONTEXTS).withObjectProperty(context)));
  }

  /** Changes what is stored now: another command may have changed it since it was read. */
  private void change(Consumer<ObjectNode> edit) {
    try {
      Files.createDirectories(directory, permissions(directory, "rwx------"));
      try (FileChannel file = FileChannel.open(directory.resolve("config.lock"), CREATE, WRITE)) {
        file.lock();
        ObjectNode latest = stored();
        edit.accept(latest);
        write(latest);
        root = latest;
      }
    } catch (IOException e) {
      if (Files.isRegularFile(directory)) {
        throw CommandFailure.failed(
            "cannot write " + path + ": " + directory + " is not a directory",
            "move it away, or set HOME to another directory");
      }
      throw CommandFailure.failed(
          "cannot write " + path + ": " + CommandFailure.messageOf(e), "check who may write there");
    }
  }

  private void write(ObjectNode latest) throws IOException {
    // Through symbolic links: the file may be kept elsewhere.
    Path target = path;
    while (Files.isSymbolicLink(target)) {
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    // Always of one name, so that what a killed command left goes: it holds tokens.
    Path draft = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      Files.deleteIfExists(draft);
      Files.createFile(draft, permissions(target, "rw-------"));
      Files.writeString(draft, pretty(latest));
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
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

  private static String pretty(ObjectNode latest) throws JsonProcessingException {
    return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(latest)
        + "\n";
  }

  private static @Nullable String textOf(JsonNode node) {
    return node.isTextual() && !node.textValue().isBlank() ? node.textValue() : null;
  }
}
