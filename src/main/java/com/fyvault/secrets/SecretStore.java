package com.fyvault.secrets;

import com.fyvault.environments.Place;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where secrets are managed. Values pass through it sealed. */
public interface SecretStore {
    /** A project may have this many secrets. */
    int MOST_SECRETS = 10_000;

    /** Secrets in one page of a list. */
    int MOST_LISTED = 1_000;

    /** A page ends with the secret that takes it past so many bytes: it is written by an event loop. */
    int LARGEST_PAGE = 1024 * 1024;

    /** Bytes of an injectionConfig. A list shows it twice for every secret. */
    int LARGEST_CONFIG = 4_096;

    /** A new secret. */
    record Draft(
            UUID id,
            String name,
            @Nullable String description,
            String secretType,
            String injectionConfig,
            boolean clientEncrypted,
            String createdBy) {}

    /**
     * A version about to be stored, sealed under that number.
     *
     * @param print what a leaked value is recognised by; null for none
     */
    record Version(
            UUID secretId,
            long version,
            byte[] envelope,
            byte @Nullable [] print,
            boolean clientEncrypted,
            boolean rotated) {}

    /** A stored version. */
    record StoredVersion(
            long version, String createdBy, @Nullable UUID credentialId, Instant createdAt) {}

    /** A sealed value of a bulk read. */
    record Sealed(Secret secret, byte[] envelope) {}

    /**
     * Which secrets a list shows.
     *
     * @param search part of a name, without regard to case; null for all
     * @param only these, or null for all
     * @param after the last secret of the page before; null for the first page
     * @param most secrets of the page
     */
    record Filter(
            @Nullable String search,
            @Nullable String secretType,
            boolean everywhere,
            boolean deleted,
            @Nullable List<UUID> only,
            @Nullable UUID after,
            int most) {}

    /** A page of a list by name, and where it goes on; null when it is the last one. */
    record Listed(List<Secret> secrets, @Nullable UUID next) {}

    /** Edits that are not of the value; null leaves as it is. */
    record Edit(
            @Nullable String description,
            @Nullable String injectionConfig,
            @Nullable String secretType) {
        boolean isEmpty() {
            return description == null && injectionConfig == null && secretType == null;
        }
    }

    Future<Listed> list(Place place, Filter filter);

    /** The secret by id or name in its project, seen in the place; refused with 404 when there is none. */
    Future<Secret> find(Place place, SecretKey key);

    /** The same in a transaction that has the place locked. */
    Future<Secret> find(Transaction transaction, Place place, SecretKey key);

    Future<Void> add(Transaction transaction, Place place, Draft draft);

    Future<Void> edit(Transaction transaction, Secret secret, Edit edit);

    /** Stores a version and makes it the current one. */
    Future<Void> addVersion(Transaction transaction, Place place, Version version, Actor actor);

    Future<List<StoredVersion>> versions(Place place, UUID secretId);

    /** The sealed bytes of a version; null when there is no such version. */
    Future<byte @Nullable []> envelope(Transaction transaction, Place place, UUID secretId, long version);

    /** The environments in which the secret has a value, by id. */
    Future<List<UUID>> environmentsOf(Transaction transaction, UUID orgId, UUID secretId);

    /** Marks the secret deleted, or no longer deleted, and raises the version of every environment it has a value in. */
    Future<Secret> setDeleted(Transaction transaction, Place place, UUID secretId, boolean deleted);

    /** Who writes a version. */
    record Actor(String name, UUID credentialId) {}
}
