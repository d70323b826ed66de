package com.fyvault.bootstrap;

import com.fyvault.credentials.OperatorKeys;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** Further keys of an organization's owner, made by whoever runs the installation: what {@code fyvault dev --demo} shows. */
public final class OwnerKeys {
    private final Database database;
    private final OrgWriter orgs;
    private final OperatorKeys keys;

    public OwnerKeys(Database database, OrgWriter orgs, OperatorKeys keys) {
        this.database = database;
        this.orgs = orgs;
        this.keys = keys;
    }

    /** Makes a key that a request for one describes; refused when there is no such organization. */
    public Future<JsonObject> make(UUID orgId, JsonObject request) {
        return database.inTransaction(
                orgId,
                transaction -> orgs.findOwner(transaction, orgId).compose(ownerId -> {
                    if (ownerId == null) {
                        throw Refusal.of(ErrorCode.ORG_NOT_FOUND);
                    }
                    return keys.make(transaction, orgId, ownerId, request);
                }));
    }
}
