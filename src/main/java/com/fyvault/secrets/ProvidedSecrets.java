package com.fyvault.secrets;

import com.fyvault.api.Call;
import com.fyvault.crypto.Envelope;
import com.fyvault.crypto.Uuid7;
import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Secrets that a provider pushes: it makes them and writes new versions of those that are its own. Whatever is not, it
 * does not touch. Everything is judged under the lock of the environment and before anything is written, so that of many
 * in one transaction those that are refused have changed nothing.
 */
public final class ProvidedSecrets {
    private final ProvidedStore store;
    private final VersionWriter versions;
    private final Uuid7 ids;

    public ProvidedSecrets(ProvidedStore store, VersionWriter versions, Uuid7 ids) {
        this.store = store;
        this.versions = versions;
        this.ids = ids;
    }

    /**
     * What a provider sends.
     *
     * @param providerVersion its own number of the value; null for none
     * @param graceSeconds how long the value before stays readable; a push leaves it 0
     */
    public record Sent(
            UUID providerId,
            String name,
            byte[] value,
            @Nullable Long providerVersion,
            long graceSeconds) {}

    /** What became of it. */
    public record Written(
            Place place,
            UUID secretId,
            String name,
            long version,
            @Nullable Instant previousUntil) {}

    /** Makes the secret or gives it a new version, in a place that is locked. */
    public Future<Written> push(Call call, Transaction transaction, Place place, Sent sent) {
        String key = checked(call, sent);
        return store.find(transaction, place, key)
                .compose(found -> found == null ? add(call, transaction, place, sent) : Future.succeededFuture(found))
                .compose(found -> {
                    if (!sent.providerId().equals(found.providerId())) {
                        throw Refusal.of(ErrorCode.SECRET_OWNED_ELSEWHERE);
                    }
                    return write(call, transaction, place, new Judged(found, sent, false));
                });
    }

    /** Gives a secret that the provider has pushed there a new version; any other is absent. */
    public Future<Written> rotate(Call call, Transaction transaction, Place place, Sent sent) {
        String key = checked(call, sent);
        return store.find(transaction, place, key).compose(found -> {
            if (found == null || found.version() == 0 || !sent.providerId().equals(found.providerId())) {
                throw Refusal.of(ErrorCode.SECRET_NOT_FOUND);
            }
            return write(call, transaction, place, new Judged(found, sent, true));
        });
    }

    /** A secret by name, for a provider: in which project; null for the default one. */
    public record Sought(UUID providerId, @Nullable String project, String nameKey) {}

    /** An environment in which a secret has a value. */
    public record Spot(UUID projectId, UUID environmentId) {}

    /** Where the provider's secret of a name has a value; two stand for more. */
    public Future<List<Spot>> spots(Transaction transaction, UUID orgId, Sought sought) {
        return store.spots(transaction, orgId, sought);
    }

    private record Judged(ProvidedStore.Found found, Sent sent, boolean rotated) {}

    private static String checked(Call call, Sent sent) {
        String key = Names.key(Names.check(sent.name()));
        if (!call.decision().mayAllowSecret(key)) {
            throw Refusal.of(ErrorCode.SECRET_NOT_ALLOWED);
        }
        if (sent.value().length > Envelope.VALUE_LIMIT) {
            throw Refusal.of(ErrorCode.VALUE_TOO_LARGE);
        }
        return key;
    }

    private Future<ProvidedStore.Found> add(Call call, Transaction transaction, Place place, Sent sent) {
        SecretStore.Draft draft = new SecretStore.Draft(
                ids.next(),
                sent.name(),
                null,
                SecretType.API_KEY,
                "{}",
                false,
                call.caller().actor());
        String key = Names.key(sent.name());
        if (!call.decision().allowsSecret(draft.id(), key)) {
            throw Refusal.of(ErrorCode.SECRET_NOT_ALLOWED);
        }
        return current(transaction, place, sent)
                .compose(newer -> store.add(transaction, place, draft, sent.providerId()))
                .compose(added -> store.find(transaction, place, key))
                .map(found -> {
                    if (found == null) {
                        throw Refusal.of(
                                ErrorCode.LIMIT_REACHED,
                                "A project has at most " + SecretStore.MOST_SECRETS + " secrets");
                    }
                    return found;
                });
    }

    /** Refuses a number that is old although the secret is new: the customer has deleted the one before. */
    private Future<Void> current(Transaction transaction, Place place, Sent sent) {
        @Nullable Long number = sent.providerVersion();
        if (number == null) {
            return Future.succeededFuture();
        }
        return store.deleted(transaction, place, Names.key(sent.name()), sent.providerId())
                .map(newest -> {
                    if (newest != null && number <= newest) {
                        throw Refusal.of(ErrorCode.STALE_PROVIDER_VERSION);
                    }
                    return null;
                });
    }

    private Future<Written> write(Call call, Transaction transaction, Place place, Judged judged) {
        ProvidedStore.Found found = judged.found();
        Sent sent = judged.sent();
        admit(call, found, sent);
        long version = found.version() + 1;
        boolean leaves = sent.graceSeconds() > 0 && !found.revoked();
        @Nullable
        Instant until = leaves ? found.now().plusSeconds(sent.graceSeconds()).truncatedTo(ChronoUnit.MICROS) : null;
        VersionWriter.Write write =
                new VersionWriter.Write(found.secretId(), version, false, judged.rotated(), sent.value());
        ProvidedStore.Note note =
                new ProvidedStore.Note(found.secretId(), sent.providerId(), version, sent.providerVersion(), until);
        return versions.store(call, transaction, place, write)
                .compose(written -> store.note(transaction, place, note))
                .map(noted -> new Written(place, found.secretId(), found.name(), version, until));
    }

    private static void admit(Call call, ProvidedStore.Found found, Sent sent) {
        if (!call.decision().allowsSecret(found.secretId(), Names.key(found.name()))) {
            throw Refusal.of(ErrorCode.SECRET_NOT_ALLOWED);
        }
        if (found.clientEncrypted()) {
            throw Refusal.of(ErrorCode.CLIENT_ENCRYPTED);
        }
        @Nullable Long stored = found.providerVersion();
        if (sent.providerVersion() != null && stored != null && sent.providerVersion() <= stored) {
            throw Refusal.of(ErrorCode.STALE_PROVIDER_VERSION);
        }
    }
}
