package com.fyvault.members;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Team;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where teams are kept, and who is in them. */
interface TeamStore {
    /** Teams of an organization. */
    int MOST_TEAMS = 500;

    /** Members of a team. */
    int MOST_MEMBERS = 1_000;

    /** A team with its name, and how many members and living keys it has. */
    record Named(Team team, String name, long members, long keys) {}

    /** Somebody in a team. */
    record In(UUID userId, String email) {}

    /** Teams in the order of their names. */
    Future<List<Named>> list(UUID orgId);

    Future<@Nullable Named> find(UUID orgId, UUID teamId);

    /** The team, locked; null when it is gone. */
    Future<@Nullable Named> hold(Transaction transaction, UUID orgId, UUID teamId);

    Future<List<In>> members(UUID orgId, UUID teamId);

    /** Adds a team; refused when the name is taken or there are as many as there may be. */
    Future<Void> add(Transaction transaction, Team team, String name);

    /** Writes what a team is called and may do. The auth_epoch that it set. */
    Future<Long> set(Transaction transaction, Team team, String name);

    /** Takes a team, which is in no role any more, off the list, and everybody out of it. */
    Future<Void> remove(Transaction transaction, UUID orgId, UUID teamId);

    /** Puts a member into a team; who is in it already stays. */
    Future<Void> addMember(Transaction transaction, UUID orgId, UUID teamId, UUID userId);

    /** Takes a member out of a team; false when they were not in it. */
    Future<Boolean> dropMember(Transaction transaction, UUID orgId, UUID teamId, UUID userId);
}
