package com.fyvault.secrets;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values that nobody has looked at for a fingerprint. */
interface PrintStore {
    /** The head of a secret in an environment, by whose current version it is done. */
    record Waiting(UUID environmentId, UUID secretId, long version) {}

    /** A version that is to have one. */
    record Sealed(UUID projectId, UUID environmentId, UUID secretId, long version, byte[] envelope) {}

    /** What a turn works on. */
    record Batch(List<Waiting> heads, List<Sealed> values) {}

    /** A fingerprint, of 32 bytes. */
    record Print(Sealed of, byte[] bytes) {}

    /** The next organization, by its id, that has some; null when none after that has. */
    Future<@Nullable UUID> due(UUID after);

    /** True when no other node is at it; holds until the transaction ends. */
    Future<Boolean> claim(Transaction transaction);

    /** Up to so many heads, held, and what of them can be read: the current version, and the one before while that is readable. */
    Future<Batch> take(Transaction transaction, UUID orgId, int most);

    /** Writes the fingerprints, and that the heads were looked at. */
    Future<Void> done(Transaction transaction, UUID orgId, List<Waiting> heads, List<Print> prints);
}
