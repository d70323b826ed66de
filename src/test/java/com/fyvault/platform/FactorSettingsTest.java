package com.fyvault.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.ConfigError;
import com.fyvault.platform.config.FactorSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FactorSettingsTest {
    @Test
    void withoutASettingItIsWherePeopleAreOrThisMachine() {
        FactorSettings here = FactorSettings.from(Config.of(Map.of()), "", 8200);
        assertThat(here.rpId()).isEqualTo("localhost");
        assertThat(here.origins()).containsExactly("http://localhost:8200");
        FactorSettings there = FactorSettings.from(Config.of(Map.of()), "https://vault.example.com:444", 8200);
        assertThat(there.rpId()).isEqualTo("vault.example.com");
        assertThat(there.origins()).containsExactly("https://vault.example.com:444");
    }

    @Test
    void originsAreOnTheDomainOrBelowItAndEncrypted() {
        Map<String, String> good = Map.of(
                "factors.rp.id", "example.com", "factors.rp.origins", "https://example.com, https://a.example.com:1");
        assertThat(FactorSettings.from(Config.of(good), "", 1).origins()).hasSize(2);
        for (String origin : List.of(
                "http://example.com",
                "https://example.org",
                "https://notexample.com",
                "https://example.com/",
                "https://example.com/x",
                "https://EXAMPLE.com",
                "example.com",
                "not an origin",
                ",")) {
            Map<String, String> bad = Map.of("factors.rp.id", "example.com", "factors.rp.origins", origin);
            assertThatThrownBy(() -> FactorSettings.from(Config.of(bad), "", 1))
                    .as(origin)
                    .isInstanceOf(ConfigError.class);
        }
    }

    @Test
    void theNameIsOneThatAppsCanShow() {
        for (String name : List.of(" ", "a:b", "x".repeat(65))) {
            assertThatThrownBy(() -> FactorSettings.from(Config.of(Map.of("factors.name", name)), "", 1))
                    .isInstanceOf(ConfigError.class);
        }
        assertThat(FactorSettings.from(Config.of(Map.of("factors.name", "x".repeat(64))), "", 1)
                        .name())
                .hasSize(64);
    }
}
