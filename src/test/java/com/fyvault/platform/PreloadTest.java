package com.fyvault.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list ages as libraries change: most of it must still be there. */
class PreloadTest {
    @Test
    void namesClassesThatAreThere() {
        List<String> names = Preload.names();
        assertThat(names).isSorted().doesNotHaveDuplicates();
        assertThat(names).contains("com.fyvault.audit.AuditGate", "io.vertx.pgclient.impl.PgSocketConnection");
        assertThat(Preload.load(names)).isGreaterThan(names.size() * 97 / 100);
    }

    @Test
    void usesWhatTakesLongTheFirstTime() {
        Preload.useTls();
        assertThat(Preload.begin()).succeedsWithin(Duration.ofMinutes(1));
    }

    @Test
    void leavesOutWhatTheCacheOfClassesDoesNotTake() {
        assertThat(Preload.names()).noneMatch(name -> name.startsWith("org.bouncycastle."));
    }

    @Test
    void goesOnWithoutAClassThatIsGone() {
        assertThat(Preload.load(List.of("com.fyvault.Gone", "com.fyvault.App"))).isEqualTo(1);
    }
}
