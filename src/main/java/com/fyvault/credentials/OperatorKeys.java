package com.fyvault.credentials;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.Uuid7;
import com.fyvault.limits.Windows;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.Reach;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Keys that whoever runs the installation makes for a person. That one has the root key and the database, so no login and
 * no second factor is asked for; what is made is in the audit trail, and the owner's live role cuts it as any key.
 */
public final class OperatorKeys {
    private final KeyStore store;
    private final Reaches reaches;
    private final Minting minting;
    private final Tools tools;

    /** The trail, ids and time. */
    public record Tools(AuditLog audit, Uuid7 ids, Clock clock) {}

    public OperatorKeys(KeyRoutes.Parts parts, Tools tools) {
        this.store = parts.store();
        this.reaches = new Reaches(parts.reaches());
        this.minting = parts.minting();
        this.tools = tools;
    }

    /** Makes what a request to make a key says; the answer shows the token as the route's does. */
    public Future<JsonObject> make(Transaction transaction, UUID orgId, UUID ownerId, JsonObject body) {
        try (Fields fields = Fields.parse(body.toBuffer().getBytes())) {
            KeyRequest request = KeyRequest.ofKey(fields);
            KeyKind kind = KeyKind.parse(fields);
            return reaches.resolve(transaction, orgId, Maker.unbounded(), new Reaches.Asked(request, null))
                    .compose(reach -> store(transaction, orgId, ownerId, new Asked(request, kind, reach)));
        }
    }

    private record Asked(KeyRequest request, KeyKind kind, Reach reach) {}

    private Future<JsonObject> store(Transaction transaction, UUID orgId, UUID ownerId, Asked asked) {
        MintedToken token = minting.draw(asked.kind().token());
        Credential key = key(orgId, ownerId, asked, token);
        AuditRecord record = new AuditRecord(tools.ids().next(), AuditAction.KEY_CREATE)
                .bySystem(orgId)
                .detail("token_id", key.id().toString());
        return store.add(transaction, key)
                .compose(added -> tools.audit().append(transaction, record))
                .map(noted -> KeyView.once(KeyView.of(key, true), token));
    }

    private Credential key(UUID orgId, UUID ownerId, Asked asked, MintedToken token) {
        Instant now = tools.clock().instant().truncatedTo(ChronoUnit.MICROS);
        KeyRequest request = asked.request();
        Windows limits = request.limits() == null ? Windows.NONE : request.limits();
        return new Credential(
                orgId,
                minting.nextId(),
                token.hash(),
                asked.kind().token(),
                CreateKey.label(request),
                token.lastFour(),
                asked.kind().scopes(Maker.unbounded(), request.scopes()),
                asked.reach(),
                limits.toJson(),
                ownerId,
                null,
                null,
                null,
                "system",
                now,
                request.lifetime().end(now, CreateKey.LIFE),
                null,
                null);
    }
}
