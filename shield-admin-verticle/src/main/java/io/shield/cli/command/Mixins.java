package io.shield.cli.command;

import io.shield.cli.terminal.Surroundings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the mixins of commands that are methods. */
public final class Mixins {
  private Mixins() {}

  /** A factory for commands that run in the given surroundings. */
  public static IFactory factory(Surroundings here) {
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        Object made = Mixins.create(type, here);
        return made == null ? CommandLine.defaultFactory().create(type) : type.cast(made);
      }
    };
  }

  private static @Nullable Object create(Class<?> type, Surroundings here) {
    if (type == CommonOptions.class) {
      return new CommonOptions(here);
    }
    if (type == ServiceOption.class) {
      return new ServiceOption(here);
    }
    if (type == OneRoute.class) {
      return new OneRoute(here);
    }
    if (type == MaintenanceMixin.class) {
      return new MaintenanceMixin(new CommonOptions(here));
    }
    return type == WideLimit.class ? new WideLimit(new CommonOptions(here)) : null;
  }
}
