package com.fyvault.leaks;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was found in public, and whose it is. */
interface LeakStore {
    /** Places of values that one text is matched with at most, the first one of each organization before any second one. */
    int MOST_VALUES = 1_000;
    /** Of these, in one organization: whoever stores a value many times is told of it, and keeps nobody else from being told. */
    int MOST_OF_ORG = 100;
    /** Places of values that one call is matched with at most. */
    int MOST_OF_CALL = 20_000;

    /** Something of an organization that a text is. */
    sealed interface Thing permits Token, Value, Item {
        UUID orgId();
    }

    /**
     * A token that there is.
     *
     * @param hash of its own text
     * @param text the hash of what was found: of the same, or of the login that it belongs to
     */
    record Token(UUID orgId, UUID credentialId, TokenHash hash, TokenHash text) implements Thing {}

    /** A value that is the current one somewhere, or the one before while that is readable. */
    record Value(UUID orgId, UUID secretId, UUID environmentId, long version, String print, Where where)
            implements Thing {}

    /** What an item may be. */
    enum ItemKind {
        HANDLE,
        INVITATION,
        /** It is good at whoever receives what it signs, so nobody here can end it. */
        WEBHOOK_SECRET;

        /** The name as stored. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What names one in a record. */
        String field() {
            return this == WEBHOOK_SECRET ? "webhook_id" : text() + "_id";
        }

        /** Whether it can be ended here, and is. */
        boolean isEnded() {
            return this != WEBHOOK_SECRET;
        }

        static ItemKind of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * Something else that lets somebody do something.
     *
     * @param text the hash of what was found, or null
     * @param print its fingerprint, or null, in hexadecimal digits
     */
    record Item(
            UUID orgId,
            ItemKind kind,
            UUID id,
            @Nullable TokenHash text,
            @Nullable String print,
            Label label) implements Thing {
        /** The same, good until now or not. */
        Item withLive(boolean live) {
            return new Item(orgId, kind, id, text, print, new Label(label.name(), label.ownerId(), live));
        }
    }

    /**
     * What an item is shown as.
     *
     * @param ownerId whoever made it; null for nobody, or nobody alone
     * @param live whether it was good until now
     */
    record Label(String name, @Nullable UUID ownerId, boolean live) {}

    /** A login of a person: of no organization, or of several. */
    record Login(UUID userId, UUID sessionId, TokenHash text) {}

    /**
     * Where a value stands.
     *
     * @param secret its name
     * @param environment the name
     * @param production whether a test key keeps away from it
     */
    record Where(UUID projectId, String secret, String environment, boolean production) {}

    /** What reported texts are. The tokens of logins are among the tokens. */
    record Known(List<Token> tokens, List<Value> values, List<Item> items, List<Login> logins) {}

    /**
     * A report and what it is of.
     *
     * @param id of the leak, if it is a new one
     */
    record Finding(UUID id, Report report, Thing thing) {
        @Nullable
        Token token() {
            return thing instanceof Token token ? token : null;
        }

        @Nullable
        Value value() {
            return thing instanceof Value value ? value : null;
        }

        @Nullable
        Item item() {
            return thing instanceof Item item ? item : null;
        }
    }

    /**
     * The organization's row, held.
     *
     * @param wholeEpoch the epoch at which everything that was decided in it was last cut off together
     */
    record Held(long epoch, long wholeEpoch, Instant now) {}

    /**
     * What is to be revoked.
     *
     * @param whole whether everything that was decided in the organization before is to be decided again
     */
    record Revocation(UUID orgId, List<Credential> credentials, Instant now, boolean whole) {}

    /** Those of a team that are told of its keys, at most. */
    int MOST_OF_TEAM = 20;

    /** Who is told: those who administer, the owners of keys by their ids, and by the ids of teams those in them who may roll keys. */
    record People(List<String> administrators, Map<UUID, String> owners, Map<UUID, List<String>> teams) {}

    /** Whose keys were found: people and teams. */
    record Owners(Set<UUID> users, Set<UUID> teams) {}

    /** Looks up over all organizations: one statement for each kind that there is something of. */
    Future<Known> find(Asked asked);

    /** The same within one organization: what others have is not seen. */
    Future<Known> find(Transaction transaction, UUID orgId, Asked asked);

    /** Holds the organization's row to the end of the transaction; null when there is none any more. */
    Future<@Nullable Held> hold(Transaction transaction, UUID orgId);

    /** Notes what was found; the ids of those that nobody had reported before. */
    Future<Set<UUID>> note(Transaction transaction, UUID orgId, List<Finding> findings, String reporter);

    /** Held to the end of the transaction, whether revoked or not. */
    Future<List<Credential>> credentials(Transaction transaction, UUID orgId, Collection<UUID> ids);

    /** Revokes them and raises the auth_epoch once; the epoch. */
    Future<Long> revoke(Transaction transaction, Revocation revocation);

    /** Withdraws those that are open: of those that still have this text, by their ids, whether they were good until now. */
    Future<Map<UUID, Boolean>> withdrawInvitations(Transaction transaction, UUID orgId, List<Item> invitations);

    Future<People> people(Transaction transaction, UUID orgId, Owners owners);
}
