package com.fyvault.people;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.credentials.KeyStore;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.TokenKind;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Ends logins: their rows, and with them every credential that they have in an organization, which is withdrawn like
 * any token. What is ended in a transaction is over for every node once {@link #settle} has followed its commit.
 */
public final class EndLogins {
    private static final Set<TokenKind> LOGINS = Set.of(TokenKind.LOGIN);

    private final LoginSessions sessions;
    private final KeyStore keys;
    private final AuditLog audit;
    private final Withdrawals withdrawals;
    private final Tools tools;

    /** Ids and time. */
    public record Tools(Uuid7 ids, Clock clock) {}

    /** A credential that was withdrawn, at this epoch of its organization. */
    private record Cut(UUID orgId, UUID credentialId, long epoch) {}

    /** What a transaction has ended, to be settled after its commit. */
    public static final class Ended {
        private final List<Cut> cuts = new ArrayList<>();
        private int logins;

        /** How many logins. */
        public int logins() {
            return logins;
        }
    }

    public EndLogins(LoginSessions sessions, KeyStore keys, AuditLog audit, Withdrawals withdrawals, Tools tools) {
        this.sessions = sessions;
        this.keys = keys;
        this.audit = audit;
        this.withdrawals = withdrawals;
        this.tools = tools;
    }

    /** Ends one login of a person; nothing when they have no such one that lives. */
    public Future<Ended> one(Transaction transaction, UUID userId, UUID sessionId) {
        return some(transaction, userId, sessionId, session -> true);
    }

    /** Ends every login of a person but this one; null for every one. */
    public Future<Ended> allBut(Transaction transaction, UUID userId, @Nullable UUID kept) {
        return some(transaction, userId, null, session -> !session.id().equals(kept));
    }

    /** After the commit: done when nothing more is released on what was ended, on any node. */
    public Future<Void> settle(Ended ended) {
        return Future.all(ended.cuts.stream()
                        .map(cut -> withdrawals.settle(cut.orgId(), cut.credentialId(), cut.epoch()))
                        .toList())
                .mapEmpty();
    }

    /**
     * Withdraws the credentials of logins; one that is entered again has others. All organizations are held until the
     * commit, so whoever holds several takes them in one order: once in a transaction, for all of its logins.
     */
    Future<Void> leave(Transaction transaction, List<UUID> sessionIds, Ended ended) {
        return sessions.entries(transaction, sessionIds).compose(entries -> {
            Future<Void> all = Future.succeededFuture();
            for (LoginSessions.Entry entry : entries) {
                all = all.compose(before -> withdraw(transaction, entry, ended));
            }
            return all;
        });
    }

    private Future<Ended> some(
            Transaction transaction, UUID userId, @Nullable UUID only, Predicate<LoginSession> chosen) {
        Ended ended = new Ended();
        return sessions.holdLive(transaction, userId, only).compose(live -> {
            List<LoginSession> over = live.stream().filter(chosen).toList();
            ended.logins = over.size();
            Future<Void> all = Future.succeededFuture();
            for (LoginSession session : over) {
                all = all.compose(before -> sessions.change(transaction, session.ended(now())));
            }
            return all.compose(written -> leave(
                            transaction, over.stream().map(LoginSession::id).toList(), ended))
                    .map(ended);
        });
    }

    private Future<Void> withdraw(Transaction transaction, LoginSessions.Entry entry, Ended ended) {
        return transaction
                .enter(entry.orgId())
                .compose(in -> keys.find(transaction, entry.orgId(), entry.credentialId(), LOGINS))
                .compose(found -> {
                    // It may have expired long ago, and been forgotten.
                    if (found == null || found.credential().revokedAt() != null) {
                        return Future.succeededFuture();
                    }
                    Credential over = found.credential().withRevokedAt(now());
                    AuditRecord record = new AuditRecord(tools.ids().next(), AuditAction.LOGIN_END)
                            .bySystem(entry.orgId())
                            .detail("token_id", entry.credentialId().toString());
                    return keys.change(transaction, over, over.createdBy()).compose(epoch -> {
                        ended.cuts.add(new Cut(entry.orgId(), entry.credentialId(), epoch));
                        return audit.append(transaction, record);
                    });
                });
    }

    private Instant now() {
        return tools.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }
}
