package com.fyvault.support;

import com.fyvault.Settings;
import com.fyvault.crypto.EnvironmentRootKey;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.platform.config.Config;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;

/** What a node starts from; nodes of one installation share it. */
record ServerStart(TestDatabase database, String rootKey, Map<String, String> overrides, TestOwner owner) {
    Settings settings(Map<String, String> further) {
        return Settings.from(Config.of(values(further)));
    }

    Map<String, String> values(Map<String, String> further) {
        Map<String, String> values = new HashMap<>(database.settings());
        values.put("http.port", "0");
        values.put("management.port", "0");
        values.put("http.event.loops", "2");
        values.put("profile", "dev");
        // Tests send from one address what would come from many.
        values.put("limits.failures.minute", "1000000");
        values.put("people.logins.minute", "1000000");
        values.put("people.mails.minute", "1000000");
        values.put("leaks.reports.minute", "100000");
        values.put("leaks.sightings.minute", "100000");
        values.putAll(overrides);
        values.putAll(further);
        return values;
    }

    RootKeySource root() {
        return EnvironmentRootKey.load("TEST_ROOT_KEY", Map.of("TEST_ROOT_KEY", rootKey), "dev", new SecureRandom());
    }
}
