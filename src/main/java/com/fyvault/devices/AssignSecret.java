package com.fyvault.devices;

import com.fyvault.api.Call;
import com.fyvault.api.Ids;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.KeyStore;
import com.fyvault.environments.Names;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Assigns a secret to a device and takes it back: an edit of the list of ids in the device's credential,
 * with all that goes with a change of authority. Assigned is only what the caller may use itself.
 */
final class AssignSecret {
    private static final int LONGEST = 64;
    private static final int MOST = 500;

    private final DeviceStore store;
    private final ChildTokens tokens;

    AssignSecret(DeviceStore store, ChildTokens tokens) {
        this.store = store;
        this.tokens = tokens;
    }

    Future<KeyStore.Standing> assign(Call call, Transaction transaction) {
        @Nullable UUID id = Ids.parse(call.body().text("secretId", LONGEST));
        if (id == null) {
            throw Refusal.of(ErrorCode.SECRET_NOT_FOUND);
        }
        return call.confirmed(transaction)
                .compose(fresh -> store.secret(transaction, call.orgId(), id))
                .compose(secret -> {
                    if (secret == null
                            || !call.decision().allowsProject(secret.projectId())
                            || !call.decision().allowsSecret(id, Names.key(secret.name()))) {
                        throw Refusal.of(ErrorCode.SECRET_NOT_FOUND);
                    }
                    call.record().secret(id, 0);
                    return tokens.edit(call, transaction, TokenKind.DEVICE, before -> with(before.credential(), id));
                });
    }

    /** What it was not assigned it does not lose: a repeated request may not fail. */
    Future<KeyStore.Standing> unassign(Call call, Transaction transaction) {
        UUID id = call.id("secret", ErrorCode.SECRET_NOT_FOUND);
        call.record().detail("secret_id", id.toString());
        return tokens.edit(call, transaction, TokenKind.DEVICE, before -> without(before.credential(), id));
    }

    private static Future<Credential> with(Credential device, UUID secretId) {
        Set<UUID> ids = new LinkedHashSet<>(device.reach().secretIds());
        if (ids.add(secretId) && ids.size() > MOST) {
            throw Refusal.of(ErrorCode.LIMIT_REACHED, "A device is assigned at most " + MOST + " secrets");
        }
        return Future.succeededFuture(confined(device, ids));
    }

    private static Future<Credential> without(Credential device, UUID secretId) {
        Set<UUID> ids = new LinkedHashSet<>(device.reach().secretIds());
        ids.remove(secretId);
        return Future.succeededFuture(confined(device, ids));
    }

    private static Credential confined(Credential device, Set<UUID> ids) {
        return device.edited(device.label(), device.scopes(), device.reach().confinedTo(ids), device.expiresAt());
    }
}
