package com.fyvault.connect;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.audit.AuditRecord;
import com.fyvault.credentials.KeyStore;
import com.fyvault.credentials.VaultRoles;
import com.fyvault.crypto.SealBroken;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.OutcomeUnknown;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.providers.RegisterProvider;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes the provider that a person has let in, for who has the code and the verifier and names the same address: once, within
 * five minutes, and only while that person still may. Whatever is wrong is one and the same answer. A code that comes a
 * second time, with its verifier, is in two hands, so what was made with it ends (RFC 6749, 4.1.2).
 */
final class ExchangeCode {
    /** Wrong verifiers or addresses, after which a code is dead. */
    static final int MOST_MISSED = 5;

    private final ConnectStore store;
    private final Parts parts;
    private final Tools tools;
    private final int mostProviders;

    /** What a provider is made with, and ended. */
    record Parts(
            Database database,
            KeyStore keys,
            VaultRoles roles,
            RegisterProvider register,
            AuditLog audit,
            Authority authority,
            Withdrawals withdrawals) {}

    /** What ids and codes are drawn with. */
    record Tools(Uuid7 ids, SecureRandom random) {}

    /** An exchange as it was sent. */
    record Asked(UUID id, ConnectCode code, String verifier, String redirectUri, ClientAddress address) {}

    /** A provider and what is shown of it this once. */
    record Made(Credential credential, MintedToken token, RegisterProvider.Registered registered) {}

    /**
     * What became of it.
     *
     * @param made null when it was refused
     * @param ended the provider that was ended, at an epoch; null for none
     */
    private record Outcome(@Nullable Made made, @Nullable UUID ended, long epoch) {
        static final Outcome REFUSED = new Outcome(null, null, 0);
    }

    /** @param mostProviders live providers that an organization may have */
    ExchangeCode(ConnectStore store, Parts parts, Tools tools, int mostProviders) {
        this.store = store;
        this.parts = parts;
        this.tools = tools;
        this.mostProviders = mostProviders;
    }

    Future<Made> exchange(Asked asked) {
        UUID orgId = asked.code().orgId();
        return parts.database()
                .inTransaction(
                        orgId,
                        transaction -> store.hold(transaction, orgId)
                                .compose(org -> org == null
                                        ? Future.succeededFuture(Outcome.REFUSED)
                                        : store.find(
                                                        transaction,
                                                        orgId,
                                                        asked.code().hash())
                                                .compose(held -> held == null
                                                        ? Future.succeededFuture(Outcome.REFUSED)
                                                        : new Work(transaction, asked, org, held).exchange())))
                .recover(failure -> Future.failedFuture(
                        failure instanceof OutcomeUnknown ? Refusal.of(ErrorCode.OUTCOME_UNKNOWN) : failure))
                .compose(outcome -> settled(orgId, outcome));
    }

    private Future<Made> settled(UUID orgId, Outcome outcome) {
        @Nullable Made made = outcome.made();
        if (made != null) {
            parts.authority().issued(made.token().hash());
            return Future.succeededFuture(made);
        }
        @Nullable UUID ended = outcome.ended();
        Future<Void> settled =
                ended == null ? Future.succeededFuture() : parts.withdrawals().settle(orgId, ended, outcome.epoch());
        return settled.compose(done -> Future.failedFuture(Refusal.of(ErrorCode.CONNECT_CODE_REFUSED)));
    }

    /** What is done within the transaction; a refusal is committed too, for what it counts. */
    private final class Work {
        private final Transaction transaction;
        private final Asked asked;
        private final ConnectStore.Org org;
        private final ConnectStore.Held held;
        private final Approval approval;
        private final AuditRecord record;

        Work(Transaction transaction, Asked asked, ConnectStore.Org org, ConnectStore.Held held) {
            this.transaction = transaction;
            this.asked = asked;
            this.org = org;
            this.held = held;
            this.approval = held.approval();
            this.record = new AuditRecord(asked.id(), AuditAction.CONNECT_EXCHANGE)
                    .bySystem(approval.orgId())
                    .from(asked.address())
                    .detail("code_id", approval.id().toString())
                    .detail("user_id", approval.userId().toString());
        }

        Future<Outcome> exchange() {
            if (!held.genuine()) {
                throw new SealBroken();
            }
            boolean theirs = approval.redirectUri().equals(asked.redirectUri())
                    && Pkce.meets(asked.verifier(), approval.challenge());
            if (held.used()) {
                // Who has only seen the code could not have used it, and ends nothing.
                return theirs ? ended() : refused("mismatch");
            }
            if (org.locked()
                    || held.missed() >= MOST_MISSED
                    || !approval.expiresAt().isAfter(org.now())) {
                return refused(org.locked() ? "locked" : "over");
            }
            if (!theirs) {
                return store.missed(transaction, approval.orgId(), approval.id())
                        .compose(counted -> refused("mismatch"));
            }
            return parts.roles()
                    .develops(transaction, approval.orgId(), approval.userId(), approval.reach())
                    .compose(still -> still ? room() : refused("role"));
        }

        private Future<Outcome> room() {
            return parts.keys()
                    .roomForKind(transaction, approval.orgId(), TokenKind.PROVIDER, mostProviders)
                    .compose(room -> {
                        if (room.taken() >= mostProviders) {
                            throw Refusal.of(
                                    ErrorCode.LIMIT_REACHED,
                                    "An organization has at most " + mostProviders + " providers");
                        }
                        return made(room.now());
                    });
        }

        private Future<Outcome> made(Instant now) {
            MintedToken token = TokenFormat.mint(TokenKind.PROVIDER, tools.random());
            Credential credential = credential(token, now);
            record.detail("token_id", credential.id().toString()).detail("name", approval.name());
            RegisterProvider.Wanted wanted = new RegisterProvider.Wanted(
                    "connect", null, approval.prefix(), approval.webhookUrl(), approval.createdBy());
            return parts.keys()
                    .add(transaction, credential)
                    .compose(added -> parts.register().register(transaction, credential, wanted))
                    .compose(registered -> store.used(transaction, approval.orgId(), approval.id(), credential.id())
                            .compose(used -> parts.audit().append(transaction, record))
                            .map(told -> new Outcome(new Made(credential, token, registered), null, 0)));
        }

        /** As if the person had made it: theirs, and cut by their role from now on. */
        private Credential credential(MintedToken token, Instant now) {
            return new Credential(
                    approval.orgId(),
                    tools.ids().next(),
                    token.hash(),
                    TokenKind.PROVIDER,
                    approval.name(),
                    token.lastFour(),
                    ScopeSet.of(Scope.SECRETS_WRITE),
                    approval.reach(),
                    Credential.NO_LIMITS,
                    approval.userId(),
                    null,
                    null,
                    null,
                    approval.createdBy(),
                    now,
                    null,
                    null,
                    null);
        }

        private Future<Outcome> refused(String reason) {
            return parts.audit().append(transaction, refusal(record, reason)).map(recorded -> Outcome.REFUSED);
        }

        private Future<Outcome> ended() {
            UUID provider = Objects.requireNonNull(held.providerId());
            return parts.keys()
                    .find(transaction, approval.orgId(), provider, Set.of(TokenKind.PROVIDER))
                    .compose(standing ->
                            standing == null || standing.credential().revokedAt() != null
                                    ? refused("used")
                                    : ended(standing.credential()));
        }

        private Future<Outcome> ended(Credential provider) {
            Instant now = org.now().truncatedTo(ChronoUnit.MICROS);
            AuditRecord revoked = new AuditRecord(tools.ids().next(), AuditAction.PROVIDER_REVOKE)
                    .bySystem(approval.orgId())
                    .from(asked.address())
                    .detail("token_id", provider.id().toString())
                    .detail("reason", "its code was used again");
            return parts.keys()
                    .change(transaction, provider.withRevokedAt(now), "system")
                    .compose(epoch -> parts.audit()
                            .append(transaction, revoked)
                            .compose(recorded -> refused("used"))
                            .map(refused -> new Outcome(null, provider.id(), epoch)));
        }
    }

    private static AuditRecord refusal(AuditRecord record, String reason) {
        return record.outcome(AuditOutcome.REFUSED)
                .detail("code", ErrorCode.CONNECT_CODE_REFUSED.name())
                .detail("reason", reason);
    }
}
