package com.fyvault.secrets;

import com.fyvault.crypto.RowSeal;
import java.util.UUID;

/**
 * Which version of a secret is the current one in an environment. Sealed, so that a row set back by
 * hand to an older version, or to another mode, is found out.
 */
record Head(UUID orgId, UUID environmentId, UUID secretId, long version) {

    RowSeal.Row seal(RowSeal seals, boolean clientEncrypted, boolean revoked) {
        return seals.fields("head.1")
                .add(orgId)
                .add(environmentId)
                .add(secretId)
                .add(version)
                .add(clientEncrypted)
                .add(revoked);
    }
}
