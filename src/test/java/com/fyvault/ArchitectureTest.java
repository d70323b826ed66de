package com.fyvault;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who may know whom. A feature is a package directly under com.fyvault; `platform` lies below all of them and `com.fyvault`
 * itself, the composition root, above.
 */
class ArchitectureTest {
    private static JavaClasses production;

    @BeforeAll
    static void readTheClasses() throws URISyntaxException {
        Path classes = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        production = new ClassFileImporter().importPath(classes);
    }

    @Test
    void featuresHaveNoCycles() {
        check(slices().matching("com.fyvault.(*)..").should().beFreeOfCycles());
    }

    @Test
    void thePlatformKnowsNoFeature() {
        DescribedPredicate<JavaClass> feature = resideInAPackage("com.fyvault..")
                .and(DescribedPredicate.not(resideInAPackage("com.fyvault.platform..")));
        check(noClasses()
                .that()
                .resideInAPackage("com.fyvault.platform..")
                .should()
                .dependOnClassesThat(feature));
    }

    @Test
    void onlyPostgresAdaptersUseTheSqlClient() {
        onlyMayUse(
                named("Postgres.*").or(resideInAPackage("com.fyvault.platform.postgres..")),
                "io.vertx.sqlclient..",
                "io.vertx.pgclient..");
    }

    @Test
    void onlyRedisAdaptersUseTheRedisClient() {
        onlyMayUse(named("Redis.*").or(resideInAPackage("com.fyvault.platform.redis..")), "io.vertx.redis..");
    }

    @Test
    void onlyRoutesUseTheWebRouter() {
        onlyMayUse(
                named(".*(Routes|Handler)").or(resideInAPackage("com.fyvault.platform.http..")), "io.vertx.ext.web..");
    }

    @Test
    void onlyTheCryptoPackageUsesCiphers() {
        onlyMayUse(resideInAPackage("com.fyvault.crypto.."), "javax.crypto..");
    }

    @Test
    void onlyCryptoAndTokensUseDigests() {
        check(noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage("com.fyvault.crypto..", "com.fyvault.tokens..")))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.security.MessageDigest"));
    }

    private static void onlyMayUse(DescribedPredicate<JavaClass> allowed, String... packages) {
        check(noClasses()
                .that(DescribedPredicate.not(allowed))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages));
    }

    /** By the name of the class that the file is named after: what is nested in an adapter is part of it. */
    private static DescribedPredicate<JavaClass> named(String pattern) {
        return describe(
                "named " + pattern, type -> outermost(type).getSimpleName().matches(pattern));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(production);
    }
}
