package com.fyvault.crypto;

import com.fyvault.support.SeededRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;

/// Bindings and keys for tests, from a seeded source.
final class Sample {
    private Sample() {}

    static Binding binding(SeededRandom random) {
        Purpose purpose = List.copyOf(EnumSet.allOf(Purpose.class)).get(random.nextInt(4));
        return new Binding(
                purpose, uuid(random), uuid(random), uuid(random), uuid(random), random.nextLong() & Long.MAX_VALUE);
    }

    static OrgKey key(Binding binding, int epoch, SeededRandom random) {
        return OrgKey.of(new OrgKeyId(binding.orgId(), epoch), random.bytes(32));
    }

    static UUID uuid(SeededRandom random) {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
