package com.fyvault.secrets;

import com.fyvault.api.Call;
import com.fyvault.crypto.Binding;
import com.fyvault.crypto.Envelope;
import com.fyvault.crypto.OrgKey;
import com.fyvault.crypto.ValuePrints;
import com.fyvault.environments.Place;
import com.fyvault.orgs.Keyrings;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Seals a value under its number and stores it as the current version of a place that is locked. */
public final class VersionWriter {
    private final Keyrings keyrings;
    private final Envelope envelope;
    private final WorkerExecutor workers;
    private final SecretStore store;
    private final ValuePrints prints;

    public VersionWriter(
            Keyrings keyrings, Envelope envelope, ValuePrints prints, WorkerExecutor workers, SecretStore store) {
        this.keyrings = keyrings;
        this.envelope = envelope;
        this.prints = prints;
        this.workers = workers;
        this.store = store;
    }

    /**
     * What is to be written.
     *
     * @param version the number it gets: one more than the current
     * @param rotated true when the secret counts as rotated
     */
    record Write(UUID secretId, long version, boolean clientEncrypted, boolean rotated, byte[] plaintext) {}

    /** Stores the version and names it in the call's record. The plaintext stays the caller's to clear. */
    Future<Void> write(Call call, Transaction transaction, Place place, Write write) {
        call.record().secret(write.secretId(), write.version());
        return store(call, transaction, place, write);
    }

    /** The same for one of many, which have records of their own. */
    Future<Void> store(Call call, Transaction transaction, Place place, Write write) {
        if (write.plaintext().length > Envelope.VALUE_LIMIT) {
            return Future.failedFuture(Refusal.of(ErrorCode.VALUE_TOO_LARGE));
        }
        SecretStore.Actor actor =
                new SecretStore.Actor(call.caller().actor(), call.decision().credentialId());
        return seal(place, write)
                .compose(made -> store.addVersion(
                        transaction,
                        place,
                        new SecretStore.Version(
                                write.secretId(),
                                write.version(),
                                made.envelope(),
                                made.print(),
                                write.clientEncrypted(),
                                write.rotated()),
                        actor));
    }

    private record Sealed(byte[] envelope, byte @Nullable [] print) {}

    private Future<Sealed> seal(Place place, Write write) {
        Binding binding = Bindings.of(place, write.secretId(), write.version());
        return keyrings.primary(place.orgId()).compose(key -> {
            if (write.plaintext().length <= ValueOpener.IN_PLACE_BYTES) {
                return Future.succeededFuture(sealing(key, binding, write));
            }
            return workers.executeBlocking(() -> sealing(key, binding, write), false);
        });
    }

    /** What the client has encrypted turns up nowhere as it is stored here. */
    private Sealed sealing(OrgKey key, Binding binding, Write write) {
        byte @Nullable [] print = write.clientEncrypted() ? null : prints.of(write.plaintext());
        return new Sealed(envelope.seal(key, binding, write.plaintext()), print);
    }
}
