package com.fyvault.secrets;

import com.fyvault.api.Call;
import com.fyvault.api.Endpoint;
import com.fyvault.environments.Names;
import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Admission;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Scope;

/** Whether a call's token may use a secret, by its name. */
final class SecretAccess {
    private SecretAccess() {}

    /** Refuses a decision that may not read values, or not the one that the target names. */
    static void checkRead(Decision decision, SecretTarget target, ClientAddress address) {
        Admission.check(decision, target.org(), address);
        if (!Endpoint.VALUE_KINDS.contains(decision.kind())) {
            throw Refusal.of(ErrorCode.KIND_NOT_ALLOWED);
        }
        if (!decision.scopes().has(Scope.SECRETS_READ)) {
            throw Refusal.of(ErrorCode.SCOPE_MISSING, "The token lacks the scope SECRETS_READ");
        }
        if (target.secret().byName() && !decision.mayAllowSecret(target.secret().text())) {
            throw Refusal.of(ErrorCode.SECRET_NOT_ALLOWED);
        }
    }

    /** For a secret that the request names: refused whether it exists or not. */
    static void admitName(Call call, String name) {
        if (!call.decision().mayAllowSecret(Names.key(name))) {
            throw Refusal.of(ErrorCode.SECRET_NOT_ALLOWED);
        }
    }

    /** For a secret found by its id: what is out of reach is absent. */
    @CanIgnoreReturnValue
    static Secret admitFound(Call call, Secret secret) {
        if (!call.decision().allowsSecret(secret.id(), Names.key(secret.name()))) {
            throw Refusal.of(ErrorCode.SECRET_NOT_FOUND);
        }
        call.record().secret(secret.id(), secret.version());
        return secret;
    }

    /** The key of the secret in the call's path. */
    static SecretKey key(Call call) {
        return SecretKey.id(call.id("secret", ErrorCode.SECRET_NOT_FOUND));
    }
}
