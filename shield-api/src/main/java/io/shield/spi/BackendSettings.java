package io.shield.spi;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The resolved settings of an engine, as far as a backend needs them. */
public interface BackendSettings {
  /** The engine's name. */
  String name();

  /** The service this engine serves, or null. */
  @Nullable String service();

  /** The clock to stamp with. */
  InstantSource clock();

  /**
   * The value of a setting: given in code, or else in the environment, or else in a {@code .shield}
   * file.
   *
   * @param variable its name, such as {@code SHIELD_FILE_PATH}
   * @return the value, or null if it is set nowhere
   */
  @Nullable String setting(String variable);

  /**
   * What to call a setting in messages: the name under which it is given, where it may be given
   * under several.
   *
   * @param variable its name, such as {@code SHIELD_FILE_PATH}
   */
  default String shownName(String variable) {
    return variable;
  }
}
