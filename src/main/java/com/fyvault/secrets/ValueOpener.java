package com.fyvault.secrets;

import com.fyvault.crypto.Binding;
import com.fyvault.crypto.Envelope;
import com.fyvault.crypto.OrgKey;
import com.fyvault.crypto.SealBroken;
import com.fyvault.environments.EnvironmentState;
import com.fyvault.environments.Place;
import com.fyvault.orgs.Keyrings;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Opens sealed values where they were asked for: the binding is made of the request's own
 * organization, project and environment, so a row that was moved does not open.
 */
public final class ValueOpener {
    /**
     * Sealed values up to this many bytes are opened on the event loop. A hand-off to a worker and back
     * costs more than the decryption up to about here (docs/BENCHMARKS.md, envelope open).
     */
    public static final int IN_PLACE_BYTES = 64 * 1024;

    private final Keyrings keyrings;
    private final WorkerExecutor workers;

    public ValueOpener(Keyrings keyrings, WorkerExecutor workers) {
        this.keyrings = keyrings;
        this.workers = workers;
    }

    /** The plaintext, when it is small and its key is at hand; else null, and {@link #openLater} is the way. */
    byte @Nullable [] openNow(EnvironmentState environment, SealedValue value) {
        byte[] envelope = value.sealed();
        if (envelope.length > IN_PLACE_BYTES) {
            return null;
        }
        @Nullable OrgKey key = keyrings.peek(environment.orgId(), Envelope.epoch(envelope));
        return key == null ? null : Envelope.open(key, Bindings.of(environment, value.id(), value.version()), envelope);
    }

    /** The plaintext, opened on the worker pool with a key that is looked up if need be. */
    Future<byte[]> openLater(EnvironmentState environment, SealedValue value) {
        return open(Bindings.of(environment, value.id(), value.version()), value.sealed());
    }

    /** The plaintext of any version of a place; the caller clears it. */
    Future<byte[]> open(Place place, UUID secretId, long version, byte[] envelope) {
        return open(Bindings.of(place, secretId, version), envelope);
    }

    private Future<byte[]> open(Binding binding, byte[] envelope) {
        return keyrings.key(binding.orgId(), Envelope.epoch(envelope)).compose(key -> {
            if (key == null) {
                return Future.failedFuture(new SealBroken());
            }
            return workers.executeBlocking(() -> Envelope.open(key, binding, envelope), false);
        });
    }
}
