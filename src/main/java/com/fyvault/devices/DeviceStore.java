package com.fyvault.devices;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the devices' own part of their credentials lies. */
interface DeviceStore {
    /** A secret that can be assigned. */
    record Assignable(UUID projectId, UUID secretId, String name) {}

    Future<Void> add(Transaction transaction, Credential credential, Device device);

    /** The device of a credential, as the transaction sees it; refused with 404 when it is none. */
    Future<Device> find(Transaction transaction, Credential credential);

    /** The devices of those credentials, by id. */
    Future<Map<UUID, Device>> find(UUID orgId, Collection<Credential> credentials);

    /** True when a device that was not revoked has the fingerprint. */
    Future<Boolean> isKnown(Transaction transaction, UUID orgId, String fingerprint);

    /** A live secret of the organization, in whichever project; null when there is none. */
    Future<@Nullable Assignable> secret(Transaction transaction, UUID orgId, UUID secretId);
}
