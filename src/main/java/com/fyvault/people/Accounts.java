package com.fyvault.people;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where accounts are kept. */
public interface Accounts {
    /** The account of an address, by its key. */
    Future<@Nullable Account> find(String emailKey);

    Future<@Nullable Account> find(UUID userId);

    /** The account of an address, held until the commit. */
    Future<@Nullable Account> hold(Transaction transaction, String emailKey);

    Future<@Nullable Account> hold(Transaction transaction, UUID userId);

    /**
     * Adds an account whose address has proved itself; false when there is one of that address, which stays as it is.
     */
    Future<Boolean> add(Transaction transaction, UUID userId, Newcomer newcomer);

    /**
     * A person to be.
     *
     * @param passwordHash null for an account without a password
     */
    record Newcomer(
            Email email, @Nullable String name, @Nullable String passwordHash) {}

    Future<Void> setPassword(Transaction transaction, UUID userId, String passwordHash);

    /** Notes that the address has proved itself. */
    Future<Void> verified(Transaction transaction, UUID userId);
}
