package com.fyvault.tokens;

import com.fyvault.crypto.Uuid7;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the links of a chain of credentials leave together. */
final class Links {
    private Links() {}

    /** True when a link was minted with a token that its parent has rolled since. */
    static boolean rolledAway(List<Credential> chain) {
        for (int i = 0; i + 1 < chain.size(); i++) {
            @Nullable TokenHash mintedWith = chain.get(i).parentToken();
            if (mintedWith != null && !mintedWith.equals(chain.get(i + 1).hash())) {
                return true;
            }
        }
        return false;
    }

    /** When the link ends by itself, or by what the organization asks of keys. */
    static long end(Credential link, Policy policy) {
        long own = link.expiresAt() == null ? Long.MAX_VALUE : micros(link.expiresAt());
        // By the time in the id: it is under the seal, and a roll does not change it.
        return policy.keyDays() == 0
                ? own
                : Math.min(own, micros(Uuid7.time(link.id()).plus(Duration.ofDays(policy.keyDays()))));
    }

    /** Those of the projects that a token reaches in which the roles of its owners leave anything; null for all. */
    static @Nullable Set<UUID> within(@Nullable Set<UUID> reached, @Nullable ProjectScopes byProject) {
        @Nullable Set<UUID> left = byProject == null ? null : byProject.visible();
        if (left == null) {
            return reached;
        }
        if (reached != null) {
            left.retainAll(reached);
        }
        return Set.copyOf(left);
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    /** Empty lists do not restrict; the others must all hold. */
    static @Nullable Set<UUID> meet(List<List<UUID>> lists) {
        @Nullable Set<UUID> common = null;
        for (List<UUID> list : lists) {
            if (list.isEmpty()) {
                continue;
            }
            if (common == null) {
                common = new HashSet<>(list);
            } else {
                common.retainAll(list);
            }
        }
        return common == null ? null : Set.copyOf(common);
    }
}
