package com.fyvault.secrets;

import static com.fyvault.tokens.Scope.SECRETS_READ;
import static com.fyvault.tokens.Scope.SECRETS_WRITE;

import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.crypto.Uuid7;
import com.fyvault.environments.Places;
import com.fyvault.tokens.TokenKind;
import java.security.SecureRandom;

/** Secrets and their versions, in the default project and in any other. */
public final class SecretRoutes {
    private final ListSecrets list;
    private final ReadValues readValues;
    private final CreateSecret create;
    private final UpdateSecret update;
    private final DeleteSecret delete;

    /** What a secret's use cases are made of. */
    public record Parts(
            SecretStore store,
            VersionWriter versions,
            ValueOpener opener,
            ReadValues readValues,
            ProvidedStore provided) {}

    public SecretRoutes(Places places, Parts parts, Uuid7 ids, SecureRandom random) {
        this.list = new ListSecrets(places, parts.store());
        this.readValues = parts.readValues();
        this.create = new CreateSecret(places, parts.store(), parts.versions(), ids);
        this.update = new UpdateSecret(places, parts, random);
        this.delete = new DeleteSecret(places, parts.store());
    }

    public void mount(Routes routes) {
        for (String place : Places.PATHS) {
            String secrets = place + "/secrets";
            String secret = secrets + "/{secret}";
            routes.get(secrets, "listSecrets", AuditAction.SECRET_LIST)
                    .needs(SECRETS_READ)
                    .alsoFor(TokenKind.DEVICE)
                    .reads(list::list);
            routes.get(secret, "getSecret", AuditAction.SECRET_VIEW)
                    .needs(SECRETS_READ)
                    .reads(list::view);
            routes.get(secrets + "/by-name/{name}", "getSecretByName", AuditAction.SECRET_VIEW)
                    .needs(SECRETS_READ)
                    .reads(list::view);
            routes.get(secret + "/versions", "listSecretVersions", AuditAction.SECRET_VERSIONS)
                    .needs(SECRETS_READ)
                    .reads(list::versions);
            routes.get(place + "/environments/{environment}/values", "readValues", AuditAction.SECRET_READ_BULK)
                    .needs(SECRETS_READ)
                    .reads(readValues::read);
            routes.post(secrets, "createSecret", AuditAction.SECRET_CREATE)
                    .needs(SECRETS_WRITE)
                    .writes(create::create);
            routes.patch(secret, "updateSecret", AuditAction.SECRET_UPDATE)
                    .needs(SECRETS_WRITE)
                    .writes(update::update);
            routes.post(secret + "/rotate", "rotateSecret", AuditAction.SECRET_ROTATE)
                    .needs(SECRETS_WRITE)
                    .writes(update::rotate);
            routes.post(secret + "/rollback", "rollBackSecret", AuditAction.SECRET_ROLLBACK)
                    .needs(SECRETS_WRITE)
                    .writes(update::rollBack);
            routes.delete(secret, "deleteSecret", AuditAction.SECRET_DELETE)
                    .needs(SECRETS_WRITE)
                    .writes(delete::delete);
            routes.post(secret + "/undelete", "undeleteSecret", AuditAction.SECRET_UNDELETE)
                    .needs(SECRETS_WRITE)
                    .writes(delete::undelete);
        }
    }
}
