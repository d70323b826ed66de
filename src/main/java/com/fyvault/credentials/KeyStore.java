package com.fyvault.credentials;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where credentials are written, and read for those who administer them. */
public interface KeyStore {
    /** A place among others of its kind: how many there are, and database time. */
    record Room(long taken, Instant now) {}

    /**
     * A credential and whether it can still be used.
     *
     * @param ancestors the credentials that it descends from, its parent first
     * @param active false when it or an ancestor was revoked, rolled away or has expired
     * @param leakedAt when it was found in public; null when it was not
     */
    record Standing(
            Credential credential,
            List<UUID> ancestors,
            boolean active,
            @Nullable Instant leakedAt) {
        /** One that nobody has found. */
        public Standing(Credential credential, List<UUID> ancestors, boolean active) {
            this(credential, ancestors, active, null);
        }

        /** Adds to a token as it is shown whether it was found in public, and when. */
        @CanIgnoreReturnValue
        public JsonObject flag(JsonObject shown) {
            @Nullable String at = leakedAt == null ? null : leakedAt.toString();
            return shown.put("leaked", at != null).put("leaked_at", at).put("leakedAt", at);
        }
    }

    /**
     * A page of a list, newest first.
     *
     * @param below only this credential and what descends from it; null for the whole organization
     * @param after the last id of the page before; null for the first page
     * @param revoked true to list those too that cannot be used any more
     */
    record Page(UUID orgId, @Nullable UUID below, @Nullable UUID after, int limit, boolean revoked) {
        /** The same page, with those too that cannot be used any more. */
        Page withRevoked() {
            return new Page(orgId, below, after, limit, true);
        }
    }

    /** Adds a credential. New authority needs no new epoch: nobody can have decided on it yet. */
    Future<Void> add(Transaction transaction, Credential credential);

    /** Counts the keys that are not revoked, at most {@code most} of them. Exact while the organization's row is held for writing. */
    Future<Room> roomForKey(Transaction transaction, UUID orgId, int most);

    /** Counts the tokens of a kind that can still be used, at most {@code most} of them; exact likewise. */
    Future<Room> roomForKind(Transaction transaction, UUID orgId, TokenKind kind, int most);

    /** Holds the parent's row until the commit and counts its live sessions, at most {@code most} of them. */
    Future<Room> roomForSession(Transaction transaction, Credential parent, int most);

    /** The credential, when it is of one of these kinds. */
    Future<@Nullable Standing> find(UUID orgId, UUID id, Set<TokenKind> kinds);

    /** The same as the transaction sees it. */
    Future<@Nullable Standing> find(Transaction transaction, UUID orgId, UUID id, Set<TokenKind> kinds);

    Future<List<Standing>> keys(Page page);

    /** The keys that a person or a team owns and that can be used, newest first, at most so many, after a seen one. */
    Future<List<Standing>> owned(OwnedKeys.Owner owner, @Nullable UUID after, int most);

    /** The same of one other kind, that made by sessions included; those that can be used, unless the page asks for all. */
    Future<List<Standing>> ofKind(Page page, TokenKind kind);

    /** Live sessions. */
    Future<List<Standing>> sessions(Page page);

    /** Changes the label, which is no authority. */
    Future<Void> relabel(Transaction transaction, Credential credential);

    /**
     * The one way to change authority: raises the organization's epoch and writes the credential as it
     * is to be, as changed at that epoch. What descends from it is not touched, so it takes no longer
     * the more there is.
     *
     * @param actor who does it
     * @return the epoch
     */
    Future<Long> change(Transaction transaction, Credential after, String actor);
}
