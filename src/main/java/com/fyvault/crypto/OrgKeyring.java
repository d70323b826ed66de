package com.fyvault.crypto;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The known epochs of one organization's key, one of which is primary: the one that seals. Immutable.
///
/// Rotation goes known first, primary later, so that no node writes what another cannot read.
public final class OrgKeyring {
    /// Live epochs at once. A rotation needs two; more only while old rows await their rewrap.
    public static final int EPOCH_LIMIT = 64;

    private final OrgKey[] keys;
    private final OrgKey primary;

    private OrgKeyring(OrgKey[] keys, OrgKey primary) {
        this.keys = keys;
        this.primary = primary;
    }

    public static OrgKeyring of(OrgKey primary) {
        return new OrgKeyring(new OrgKey[] {primary}, primary);
    }

    /// @param keys one organization's, each epoch once
    /// @param primaryEpoch one of theirs
    public static OrgKeyring of(List<OrgKey> keys, int primaryEpoch) {
        if (keys.isEmpty() || keys.size() > EPOCH_LIMIT) {
            throw new IllegalArgumentException("1 to " + EPOCH_LIMIT + " keys make a ring");
        }
        long epochs = keys.stream().mapToInt(OrgKey::epoch).distinct().count();
        long orgs = keys.stream().map(OrgKey::orgId).distinct().count();
        if (epochs != keys.size() || orgs != 1) {
            throw new IllegalArgumentException("a ring holds one organization's keys, each epoch once");
        }
        OrgKey[] all = keys.toArray(OrgKey[]::new);
        OrgKey primary = find(all, primaryEpoch);
        if (primary == null) {
            throw new IllegalArgumentException("the primary epoch is not in the ring");
        }
        return new OrgKeyring(all, primary);
    }

    public UUID orgId() {
        return primary.orgId();
    }

    public OrgKey primary() {
        return primary;
    }

    /// The key of an epoch; null when this node does not know it (yet).
    public @Nullable OrgKey find(int epoch) {
        return find(keys, epoch);
    }

    public List<OrgKey> keys() {
        return List.of(keys);
    }

    /// The same ring with one more epoch known; the primary stays.
    public OrgKeyring with(OrgKey key) {
        OrgKey[] more = Arrays.copyOf(keys, keys.length + 1);
        more[keys.length] = key;
        return of(Arrays.asList(more), primary.epoch());
    }

    /// The same ring sealing with another of its epochs.
    public OrgKeyring withPrimary(int epoch) {
        return of(keys(), epoch);
    }

    /// The same ring without an epoch that nothing is sealed under any more; never the primary.
    public OrgKeyring without(int epoch) {
        return of(keys().stream().filter(key -> key.epoch() != epoch).toList(), primary.epoch());
    }

    /// Zeroes every key of the ring.
    public void drop() {
        for (OrgKey key : keys) {
            key.drop();
        }
    }

    @Override
    public String toString() {
        return "OrgKeyring" + Arrays.toString(keys);
    }

    private static @Nullable OrgKey find(OrgKey[] keys, int epoch) {
        for (OrgKey key : keys) {
            if (key.epoch() == epoch) {
                return key;
            }
        }
        return null;
    }
}
