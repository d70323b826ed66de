package com.fyvault.people;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** Where a person belongs. */
public interface Memberships {
    /** Organizations in a list. */
    int MOST_LISTED = 1_000;

    /** Organizations that a person may own. */
    int MOST_OWNED = 100;

    /** An organization of a person's, and what they are there. */
    record Belonging(UUID orgId, String name, String slug, Role role) {}

    /** The live organizations that the person is a member of, oldest first. */
    Future<List<Belonging>> of(UUID userId);

    /**
     * True when an organization of the person, who may be deactivated there, lets nobody in who has a password alone. The
     * organizations are held until the commit, in the order of their ids: none of them begins to ask for a factor meanwhile.
     */
    Future<Boolean> anyAsksForSecondFactor(Transaction transaction, UUID userId);

    /** How many the person owns; exact while their account is held. */
    Future<Integer> countOwned(Transaction transaction, UUID userId);
}
