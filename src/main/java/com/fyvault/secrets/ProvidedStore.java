package com.fyvault.secrets;

import com.fyvault.environments.Place;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where secrets are found and marked for the providers that push them. */
public interface ProvidedStore {
    /**
     * A secret as a push finds it.
     *
     * @param providerId whose it is; null for the organization's own
     * @param version the current one in the place; 0 when it has no value there
     * @param providerVersion the provider's own number of it; null when it has told none
     * @param now database time
     */
    record Found(
            UUID secretId,
            String name,
            @Nullable UUID providerId,
            boolean clientEncrypted,
            long version,
            boolean revoked,
            @Nullable Long providerVersion,
            Instant now) {}

    /**
     * What a version leaves beside its head.
     *
     * @param version the new one
     * @param providerVersion null leaves the number that was told before
     * @param previousUntil how long the one before stays readable; null for not at all
     */
    record Note(
            UUID secretId,
            UUID providerId,
            long version,
            @Nullable Long providerVersion,
            @Nullable Instant previousUntil) {}

    /** The live secret of that name in the place's project, whosever it is; null when there is none. */
    Future<@Nullable Found> find(Transaction transaction, Place place, String nameKey);

    /** The provider's newest number of what it pushed under that name and has been deleted since; null when there is none. */
    Future<@Nullable Long> deleted(Transaction transaction, Place place, String nameKey, UUID providerId);

    /** Adds a secret of a provider's; false when the name was taken meanwhile, or the project is full. */
    Future<Boolean> add(Transaction transaction, Place place, SecretStore.Draft draft, UUID providerId);

    Future<Void> note(Transaction transaction, Place place, Note note);

    /** The environments in which the provider's secret of that name has a value. */
    Future<List<ProvidedSecrets.Spot>> spots(Transaction transaction, UUID orgId, ProvidedSecrets.Sought sought);

    /**
     * Makes the secret a provider's, or with null the organization's own; false when there is no such provider that
     * can be used, or not below the credential, where one is named.
     */
    Future<Boolean> hand(Transaction transaction, Secret secret, @Nullable UUID providerId, @Nullable UUID below);

    /** The version before a rotation that may still be read, with its name and seal checked; null when there is none. */
    Future<@Nullable SealedValue> previous(Place place, SecretKey key);
}
