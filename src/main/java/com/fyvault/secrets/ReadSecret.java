package com.fyvault.secrets;

import com.fyvault.audit.AuditGate;
import com.fyvault.environments.Directory;
import com.fyvault.limits.Limits;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Tombstones;
import io.vertx.core.http.HttpServerRequest;
import java.util.UUID;

/**
 * THE HOT PATH: one value to one bearer of a token.
 *
 * <p>The steps are those of {@link Reading}, top to bottom: who (decide), where (locate), what (find), open, record,
 * release. When everything is in memory they run without a wait up to the record. Its commit also says whether the
 * authority and the version that were used still hold; if not, nothing leaves, the caches are told, and the request is
 * decided again. After it only the release deadline and the tombstones stand between plaintext and socket.
 *
 * @param authority who: ready decisions by token
 * @param directory where: projects and environments by name
 * @param values what: sealed values in memory
 * @param opener plaintext from sealed values
 * @param tombstones credentials revoked a moment ago
 * @param limits how often
 */
public record ReadSecret(
        Authority authority,
        Directory directory,
        SealedValues values,
        ValueOpener opener,
        Tombstones tombstones,
        Limits limits) {

    /** A request for a value; its id is the id of its audit record. Its token is refused when it has the shape of none. */
    record Asked(UUID id, HttpServerRequest request, ClientAddress address, Shown token) {}

    /** Answers the request, whatever happens. The gate is that of the request's event loop. */
    void read(AuditGate gate, SecretTarget target, Asked asked) {
        new Reading(this, gate, target, asked).start();
    }
}
