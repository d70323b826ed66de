package com.fyvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The file of the demo. */
class DemoSecretTest {
    private final List<DemoSecret> secrets = DemoSecret.all();

    DemoSecretTest() throws IOException {}

    @Test
    void holdsTwoHundredSecretsInThreeProjects() {
        assertThat(secrets).hasSize(200);
        assertThat(secrets.stream().map(DemoSecret::project).distinct()).hasSize(3);
        assertThat(secrets.stream()
                        .map(secret -> secret.project() + "/" + secret.name())
                        .distinct())
                .hasSize(200);
    }

    @Test
    void everyOneHasAValueSomewhereAndSomeHaveSeveralVersions() {
        assertThat(secrets).allSatisfy(secret -> {
            assertThat(secret.versions()).hasSameSizeAs(DemoSecret.ENVIRONMENTS);
            assertThat(secret.versions().stream().mapToInt(Integer::intValue).sum())
                    .isPositive();
        });
        assertThat(secrets).anySatisfy(secret -> assertThat(secret.versions()).contains(3));
    }

    @Test
    void everyValueSaysThatItIsMadeUpAndDiffersByVersion() {
        assertThat(secrets).allSatisfy(secret -> {
            assertThat(secret.value("staging", 1))
                    .containsIgnoringCase("fake")
                    .doesNotContain("{env}", "{n}", "{name}");
            assertThat(secret.value("staging", 2)).isNotEqualTo(secret.value("staging", 1));
        });
    }
}
