package com.fyvault.proofs.doors;

import java.util.HashMap;
import java.util.Map;

/** Settings under which every route can be called very often from one address, for what is looked at is who may. */
final class OpenDoors {
    private OpenDoors() {}

    static Map<String, String> settings() {
        return Map.of(
                "credentials.break.glass", "1000",
                "credentials.connect.minute", "0",
                "leaks.reports.minute", "0",
                "leaks.sightings.minute", "0",
                "trail.reads", "64",
                "limits.failures.minute", "100000000",
                "people.logins.minute", "0",
                "people.mails.minute", "0");
    }

    static Map<String, String> settings(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings());
        all.putAll(more);
        return all;
    }
}
