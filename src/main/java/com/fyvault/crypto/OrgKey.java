package com.fyvault.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;

/// One epoch of an organization's key, which wraps the data keys of its envelopes.
///
/// Random, not derived from the root: deleting the wrapped copy makes the organization's data unreadable for good. The
/// key bytes leave this class only towards a [RootKeySource].
public final class OrgKey {
    private final OrgKeyId id;
    private final AesKey key;
    private volatile boolean dropped;

    private OrgKey(OrgKeyId id, AesKey key) {
        this.id = id;
        this.key = key;
    }

    public static OrgKey generate(OrgKeyId id, SecureRandom random) {
        AesKey key = new AesKey();
        key.fill(random);
        return new OrgKey(id, key);
    }

    /// Brings back a key from what [#wrapUnder] returned. Blocks when the root is remote.
    ///
    /// @throws SealBroken when the blob is not this key's, or not under this root
    public static OrgKey unwrap(RootKeySource root, OrgKeyId id, byte[] wrapped) {
        byte[] bytes = root.unwrap(id, wrapped);
        try {
            return of(id, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    static OrgKey of(OrgKeyId id, byte[] bytes) {
        return new OrgKey(id, AesKey.copyOf(bytes));
    }

    /// The key as it may be stored. Blocks when the root is remote.
    public byte[] wrapUnder(RootKeySource root) {
        byte[] bytes = key().getEncoded();
        try {
            requireKept(); // dropped meanwhile: the copy may be zeros
            return root.wrap(id, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    public OrgKeyId id() {
        return id;
    }

    public UUID orgId() {
        return id.orgId();
    }

    public int epoch() {
        return id.epoch();
    }

    /// Zeroes the key: the node is being sealed, or the organization deleted. Later use is an IllegalStateException.
    public void drop() {
        dropped = true;
        key.clear();
    }

    AesKey key() {
        requireKept();
        return key;
    }

    void requireKept() {
        if (dropped) {
            throw new IllegalStateException("the organization's key was dropped");
        }
    }

    @Override
    public String toString() {
        return "OrgKey[" + id.orgId() + " epoch " + id.epoch() + "]";
    }
}
