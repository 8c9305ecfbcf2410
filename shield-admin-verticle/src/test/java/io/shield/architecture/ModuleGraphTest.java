package io.shield.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tests run on the class path; this one proves that the module descriptors hold as well. */
class ModuleGraphTest {
  /** What an application with every backend adds by {@code --add-modules}. */
  private static final List<String> OPTIONAL =
      List.of(
          "io.vertx.redis.client",
          "io.vertx.clustermanager.hazelcast",
          "com.fasterxml.jackson.dataformat.yaml",
          "com.fasterxml.jackson.dataformat.toml");

  /** Jars of these have packages in common, so that they cannot be modules. */
  private static final List<String> CLASS_PATH_ONLY =
      List.of(
          "io.shield.backend.cluster.impl.Infinispan", "io.shield.backend.cluster.impl.Zookeeper");

  private static ModuleLayer layer;

  @BeforeAll
  static void resolve() {
    layer = layerOf(Stream.concat(ShieldModules.NAMES.stream(), OPTIONAL.stream()).toList());
  }

  static List<String> modules() {
    return ShieldModules.NAMES;
  }

  @Test
  void resolvesWithoutTheOptionalModules() {
    ModuleLayer plain = layerOf(ShieldModules.NAMES);

    assertThat(plain.modules()).extracting(Module::getName).containsAll(ShieldModules.NAMES);
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyClassLoadsFromItsModule(String name) throws Exception {
    Module module = layer.findModule(name).orElseThrow();
    List<String> classes = classesOf(name);

    assertThat(classes).isNotEmpty();
    for (String each : classes) {
      Class<?> loaded = Class.forName(each, false, module.getClassLoader());
      assertThat(loaded.getModule()).as(each).isSameAs(module);
      // Resolves the types that its signatures name.
      assertThatCode(loaded::getDeclaredMethods).as(each).doesNotThrowAnyException();
    }
  }

  private static ModuleLayer layerOf(List<String> roots) {
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration =
        Configuration.resolveAndBind(
            ShieldModules.finder(), List.of(boot.configuration()), ModuleFinder.of(), roots);
    // The platform loader as parent: the application's would answer from the class path.
    ClassLoader parent = ClassLoader.getPlatformClassLoader();
    return ModuleLayer.defineModulesWithOneLoader(configuration, List.of(boot), parent).layer();
  }

  private static List<String> classesOf(String module) throws IOException {
    try (ModuleReader reader = ShieldModules.find(module).open();
        Stream<String> files = reader.list()) {
      return files
          .filter(f -> f.endsWith(".class") && !f.equals("module-info.class"))
          .map(f -> f.substring(0, f.length() - ".class".length()).replace('/', '.'))
          .filter(name -> CLASS_PATH_ONLY.stream().noneMatch(name::startsWith))
          .toList();
    }
  }
}
