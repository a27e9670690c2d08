package io.holdfast.systemtests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of the house, in words. */
class ArchitectureTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.holdfast");

  @Test
  void arrows_between_modules_point_downwards_only() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("kernel")
        .definedBy("io.holdfast.kernel..")
        .layer("ledger")
        .definedBy("io.holdfast.ledger..")
        .layer("journal")
        .definedBy("io.holdfast.journal..")
        .layer("cluster")
        .definedBy("io.holdfast.cluster..")
        .layer("vault")
        .definedBy("io.holdfast.vault..")
        .layer("client")
        .definedBy("io.holdfast.client..")
        .layer("gateway")
        .definedBy("io.holdfast.gateway..")
        .layer("drill")
        .definedBy("io.holdfast.drill..")
        .layer("node")
        .definedBy("io.holdfast.node..")
        .layer("cli")
        .definedBy("io.holdfast.cli..")
        .whereLayer("kernel")
        .mayNotAccessAnyLayer()
        .whereLayer("ledger")
        .mayOnlyAccessLayers("kernel")
        .whereLayer("journal")
        .mayOnlyAccessLayers("kernel", "ledger")
        .whereLayer("cluster")
        .mayOnlyAccessLayers("kernel", "ledger", "journal")
        .whereLayer("vault")
        .mayOnlyAccessLayers("kernel", "ledger", "journal")
        .whereLayer("client")
        .mayOnlyAccessLayers("kernel", "ledger")
        .whereLayer("gateway")
        .mayOnlyAccessLayers("kernel", "ledger", "client")
        .whereLayer("drill")
        .mayOnlyAccessLayers("kernel", "ledger", "client")
        .whereLayer("node")
        .mayOnlyAccessLayers("kernel", "ledger", "journal", "cluster", "vault", "client", "gateway")
        .whereLayer("cli")
        .mayOnlyAccessLayers("kernel", "ledger", "journal", "vault", "client", "node", "drill")
        .check(HOUSE);
  }

  @Test
  void no_module_depends_on_itself_through_another() {
    slices().matching("io.holdfast.(**)").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void the_ledger_touches_nothing_of_the_world() {
    noClasses()
        .that()
        .resideInAPackage("io.holdfast.ledger..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.net..",
            "java.nio.file..",
            "java.nio.channels..",
            "java.time..",
            "java.util.concurrent..",
            "java.util.random..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, java.util.Random.class, java.security.SecureRandom.class)
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .because("the same batches must give the same state on every replica")
        .check(HOUSE);
  }

  @Test
  void consensus_is_known_to_the_cluster_alone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.holdfast.cluster..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.ratis..")
        .check(HOUSE);
  }

  @Test
  void the_web_server_is_known_to_node_and_gateway_alone() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.holdfast.node..", "io.holdfast.gateway..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.helidon..")
        .check(HOUSE);
  }

  @Test
  void packages_are_named_by_what_they_do() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..impl..",
            "..util..",
            "..utils..",
            "..common..",
            "..internal..",
            "..core..",
            "..types..",
            "..helpers..")
        .check(HOUSE);
  }

  @Test
  void classes_are_named_by_what_they_are() {
    classes()
        .should()
        .haveSimpleNameNotEndingWith("Impl")
        .andShould()
        .haveSimpleNameNotEndingWith("Manager")
        .orShould()
        .beAssignableTo(javax.net.ssl.TrustManager.class) // the JDK's own word for these
        .orShould()
        .beAssignableTo(javax.net.ssl.KeyManager.class)
        .check(HOUSE);
    classes()
        .should()
        .haveSimpleNameNotEndingWith("Helper")
        .andShould()
        .haveSimpleNameNotEndingWith("Utils")
        .andShould()
        .haveSimpleNameNotEndingWith("Util")
        .andShould()
        .haveSimpleNameNotStartingWith("Abstract")
        .check(HOUSE);
  }

  @Test
  void nothing_is_injected_into_fields() {
    fields()
        .should()
        .notBeAnnotatedWith("jakarta.inject.Inject")
        .andShould()
        .notBeAnnotatedWith("javax.inject.Inject")
        .allowEmptyShould(true)
        .check(HOUSE);
  }

  @Test
  void only_the_command_line_prints() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.holdfast.cli..", "io.holdfast.benchmarks..")
        .and()
        .doNotHaveFullyQualifiedName("io.holdfast.node.Serve") // says where it serves, or why not
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(HOUSE);
  }

  @Test
  void nothing_is_switched_off_with_javas_assert() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(AssertionError.class)
        .because("assert compiles to it, and an invariant is always on: Invariants.check")
        .check(HOUSE);
  }
}
