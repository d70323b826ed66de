package com.fyvault.federation;

import com.fyvault.credentials.KeyStore;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the identities that rules accept are kept. What the rules give is kept with the other credentials. */
interface TrustRuleStore {
    /** A rule and where it stands among the credentials. */
    record Listed(TrustRule rule, KeyStore.Standing standing) {}

    /**
     * The rules that may accept a token.
     *
     * @param known whether the organization exists
     * @param now database time
     * @param rules those of the issuer that are not revoked and have not expired, the oldest first
     */
    record Candidates(boolean known, Instant now, List<TrustRule> rules) {}

    /** Adds the identity of a rule whose credential is there. */
    Future<Void> add(Transaction transaction, TrustRule rule);

    /** Writes the identity of a rule anew. */
    Future<Void> change(Transaction transaction, TrustRule rule);

    /** Counts the rules that are not revoked, at most so many. Exact while the organization's row is held for writing. */
    Future<Long> count(Transaction transaction, UUID orgId, int most);

    /** The rule of a credential as the transaction sees it. */
    Future<@Nullable TrustRule> find(Transaction transaction, Credential credential);

    /** Database time, in the transaction. */
    Future<Instant> now(Transaction transaction);

    Future<@Nullable Listed> find(UUID orgId, UUID id);

    /** A page of the rules, newest first. */
    Future<List<Listed>> list(KeyStore.Page page);

    Future<Candidates> candidates(UUID orgId, String issuer);

    /** Notes that an identity token is used up; false when it was before. */
    Future<Boolean> use(Transaction transaction, UUID orgId, byte[] identity, Instant until);
}
