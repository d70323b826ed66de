package com.fyvault.tokens;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One organization with a key (0) and its sessions (from 1): an epoch, and when each was last changed. */
final class SimulatedDatabase {
    static final UUID ORG = new UUID(7, 7);
    private static final UUID KEY = new UUID(1, 1);

    private long epoch = 1;
    private final long[] changedAt;
    private final long[] revokedAt;

    SimulatedDatabase(int sessions) {
        this.changedAt = new long[sessions + 1];
        this.revokedAt = new long[sessions + 1];
    }

    long epoch() {
        return epoch;
    }

    /** Commits a change; the epoch that it set. */
    long change(int what, boolean forGood) {
        epoch++;
        changedAt[what] = epoch;
        if (forGood) {
            revokedAt[what] = epoch;
        }
        return epoch;
    }

    static UUID id(int which) {
        return which == 0 ? KEY : new UUID(2, which);
    }

    /** A session and its key, as they stand. */
    CredentialStore.Found snapshot(int session) {
        return new CredentialStore.Found(List.of(row(session), row(0)), Standing.FULL, epoch, 0);
    }

    private Credential row(int which) {
        @Nullable Instant revoked = revokedAt[which] > 0 ? Instant.EPOCH : null;
        return new Credential(
                ORG,
                id(which),
                hash(which),
                which == 0 ? TokenKind.API_KEY : TokenKind.SESSION,
                "",
                "",
                ScopeSet.all(),
                Reach.EVERYWHERE,
                "{}",
                null,
                null,
                which == 0 ? null : KEY,
                null,
                "system",
                Instant.EPOCH,
                null,
                revoked,
                null);
    }

    static TokenHash hash(int which) {
        return new TokenHash(which, which, which, which);
    }

    /** @param overflow as if too much had changed to name */
    CredentialStore.Changes changesSince(long since, boolean overflow) {
        List<TokenHash> sessions = new ArrayList<>();
        for (int i = 1; i < changedAt.length; i++) {
            if (changedAt[i] > since) {
                sessions.add(hash(i));
            }
        }
        return new CredentialStore.Changes(epoch, sessions, changedAt[0] > since ? List.of(KEY) : List.of(), overflow);
    }
}
