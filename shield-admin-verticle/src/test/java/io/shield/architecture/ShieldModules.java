package io.shield.architecture;

import java.io.File;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Finds Shield's modules, as built, on the class path the tests run on. */
final class ShieldModules {
  static final List<String> NAMES =
      List.of("io.shield", "io.shield.backend", "io.shield.web", "io.shield.admin");

  private ShieldModules() {}

  /** Every module on the class path; directories without a descriptor hold test classes. */
  static ModuleFinder finder() {
    Path[] entries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of)
            // What tests share stands beside the module, not in it.
            .filter(e -> !e.getFileName().toString().contains("fixtures"))
            .filter(e -> Files.isRegularFile(e) || Files.exists(e.resolve("module-info.class")))
            .toArray(Path[]::new);
    return ModuleFinder.of(entries);
  }

  static ModuleReference find(String name) {
    return finder()
        .find(name)
        .orElseThrow(() -> new AssertionError("no module " + name + " on the class path"));
  }
}
