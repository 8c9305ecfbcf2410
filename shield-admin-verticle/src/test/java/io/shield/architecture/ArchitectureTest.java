package io.shield.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The walls between modules and packages. Who moves one changes it here and says why in a decision
 * record.
 */
class ArchitectureTest {
  private static final Room API = new Room("io.shield", List.of(), List.of());
  private static final Room BACKENDS =
      new Room("io.shield.backend", List.of("io.shield.backend.."), List.of(API));
  private static final Room HANDLER =
      new Room("io.shield.web", List.of("io.shield.web.."), List.of(API));
  private static final Room ADMIN =
      new Room(
          "io.shield.admin",
          List.of("io.shield.admin..", "io.shield.cli.."),
          List.of(API, BACKENDS, HANDLER));
  private static final List<Room> ROOMS = List.of(API, BACKENDS, HANDLER, ADMIN);

  private static final Map<Room, JavaClasses> BUILT = new HashMap<>();

  /**
   * A module.
   *
   * @param module the name in its descriptor
   * @param roots its package roots; shield-api has what no other module claims
   * @param mayUse the modules above it in the design
   */
  record Room(String module, List<String> roots, List<Room> mayUse) {
    DescribedPredicate<JavaClass> packages() {
      if (!roots.isEmpty()) {
        return resideInAnyPackage(roots.toArray(String[]::new)).as("packages of " + module);
      }
      String[] others = ROOMS.stream().flatMap(r -> r.roots.stream()).toArray(String[]::new);
      return resideInAPackage("io.shield..")
          .and(not(resideInAnyPackage(others)))
          .as("packages of " + module);
    }

    @Override
    public String toString() {
      return module;
    }
  }

  static List<Room> rooms() {
    return ROOMS;
  }

  @BeforeAll
  static void importModules() {
    for (Room room : ROOMS) {
      URI place = ShieldModules.find(room.module()).location().orElseThrow();
      boolean jar = place.getPath().endsWith(".jar");
      Location location = Location.of(jar ? URI.create("jar:" + place + "!/") : place);
      BUILT.put(room, new ClassFileImporter().importLocations(Set.of(location)));
    }
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void everyModuleWasImported(Room room) {
    assertThat(BUILT.get(room)).anyMatch(c -> !c.getSimpleName().endsWith("-info"));
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aModuleKeepsToItsPackageRoots(Room room) {
    classes().should(be(room.packages())).check(BUILT.get(room));
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aModuleUsesOnlyThoseAboveIt(Room room) {
    for (Room other : ROOMS) {
      if (!other.equals(room) && !room.mayUse().contains(other)) {
        noClasses().should().dependOnClassesThat(other.packages()).check(BUILT.get(room));
      }
    }
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.shield.bench..")
        .check(BUILT.get(room));
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void packagesOfAModuleFormNoCycle(Room room) {
    slices().assignedFrom(new PackageWithImpl()).should().beFreeOfCycles().check(BUILT.get(room));
  }

  @ParameterizedTest
  @MethodSource("smallRooms")
  void packagesAreSmall(Room room) {
    Map<String, List<String>> byPackage =
        BUILT.get(room).stream()
            .filter(c -> c.isTopLevelClass() && !c.getSimpleName().endsWith("-info"))
            .collect(groupingBy(JavaClass::getPackageName, mapping(JavaClass::getName, toList())));
    assertThat(byPackage).isNotEmpty();
    assertThat(byPackage.values()).allSatisfy(all -> assertThat(all).hasSizeLessThanOrEqualTo(15));
  }

  static List<Room> smallRooms() {
    return List.of(API, HANDLER);
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void implPackagesStayInTheirModule(Room room) {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.shield..impl..")
                .and(not(room.packages()))
                .as("impl packages of another module"))
        .check(BUILT.get(room));
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void logsThroughSlf4jOnly(Room room) {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "io.vertx.core.internal.logging..")
        .check(BUILT.get(room));
  }

  /** An application that starts would load hundreds of classes for it; trees need none of them. */
  @ParameterizedTest
  @MethodSource("rooms")
  void onlyTheAdminApiBindsJson(Room room) {
    noClasses()
        .that(not(resideInAnyPackage("io.shield.admin..", "io.shield.cli..")))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ObjectMapper.class)
        .allowEmptyShould(true)
        .check(BUILT.get(room));
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void onlyTheCommandWritesToTheConsole(Room room) {
    noClasses()
        .that(not(resideInAPackage("io.shield.cli..")))
        .should(ACCESS_STANDARD_STREAMS)
        .check(BUILT.get(room));
  }

  /** An interface makes its implementation, so the two packages count as one. */
  private static final class PackageWithImpl implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName().replaceFirst("\\.impl(\\..*)?$", ""));
    }

    @Override
    public String getDescription() {
      return "packages, each with its impl";
    }
  }
}
