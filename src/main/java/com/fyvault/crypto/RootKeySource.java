package com.fyvault.crypto;

/// Where the root key lies, and the two things it does: wrap organization keys and seed the service's subkeys.
///
/// A remote source (KMS, transit) blocks: call off the event loop.
public interface RootKeySource extends AutoCloseable {
    /// Wraps 32 key bytes, bound to `id`; the caller clears them.
    byte[] wrap(OrgKeyId id, byte[] key);

    /// The 32 key bytes that [#wrap] was given for the same `id`; the caller clears them.
    ///
    /// @throws SealBroken when the blob is another key's, another root's or changed
    byte[] unwrap(OrgKeyId id, byte[] wrapped);

    RootKeyId keyId();

    /// The service's own keys, derived from this root.
    SubKeys subKeys();

    Health health();

    /// Forgets the key; later use is an IllegalStateException.
    @Override
    void close();

    /// Whether the source can wrap and unwrap now.
    ///
    /// @param detail one line for the operator's log, without key material
    record Health(boolean usable, String detail) {}
}
