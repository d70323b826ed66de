package com.fyvault.people;

import com.fyvault.api.Entrance;
import com.fyvault.api.Ids;
import com.fyvault.api.LoginToken;
import com.fyvault.api.Sites;
import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.audit.RecordedRefusal;
import com.fyvault.credentials.KeyStore;
import com.fyvault.crypto.Uuid7;
import com.fyvault.limits.Limits;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes a login an ordinary credential of an organization: a row with every scope, owned by the person, whose live
 * role cuts it like any key of theirs, and over with the login. From there on all that holds for tokens holds for it:
 * the decision, the check at the commit, the audit record, the revocation.
 *
 * <p>What the row is found by is SHA-256 over the login's own hash and the organization, so the hot look-up needs no
 * table of logins. The login itself is looked at when a node has not done so for a minute: that is where it is found
 * idle, ended or unknown, and where somebody who is no member, or lacks a second factor that is asked for, is turned away. In
 * between, the end of a login reaches the nodes like every revocation, by the organization's epoch; and so does a factor
 * that is asked for from now on, which ends the rows of those who have none.
 */
public final class EnterOrganization implements Entrance {
    private static final Duration LOOKED_AT_FOR = Duration.ofMinutes(1);
    private static final int MOST_KNOWN = 100_000;
    private static final int MOST_AT_ONCE = 64;
    private static final String LABEL = "fyvault login ";

    private final Parts parts;
    private final LoginTokens tokens;
    private final Sites sites;
    private final Duration idle;
    private final AtomicInteger running = new AtomicInteger();
    /** Logins that were found alive a moment ago, by their credential. */
    private final Cache<TokenHash, Boolean> lookedAt = Caffeine.newBuilder()
            .expireAfterWrite(LOOKED_AT_FOR)
            .maximumSize(MOST_KNOWN)
            .build();

    /** What it stands on. */
    public record Parts(
            Database database,
            LoginSessions sessions,
            KeyStore keys,
            Authority authority,
            AuditLog audit,
            Limits limits,
            SecondFactors factors,
            Uuid7 ids) {}

    EnterOrganization(Parts parts, LoginTokens tokens, Sites sites, Duration idle) {
        this.parts = parts;
        this.tokens = tokens;
        this.sites = sites;
        this.idle = idle;
    }

    @Override
    public Future<TokenHash> enter(HttpServerRequest request, @Nullable String org, ClientAddress address) {
        LoginToken token = shown(request);
        if (org == null) {
            throw Refusal.of(ErrorCode.KIND_NOT_ALLOWED);
        }
        @Nullable UUID orgId = Ids.parse(org);
        TokenHash login = token.hash();
        UUID named = orgId == null ? new UUID(0, 0) : orgId;
        TokenHash credential = credential(login, named);
        Wanted wanted = new Wanted(login, orgId, credential, address);
        return lookedAt.getIfPresent(credential) == null
                ? lookAt(token, named, wanted)
                // As whoever asks next will find it: what it hangs on may have been cut since.
                : parts.authority()
                        .decide(credential)
                        .transform(decided -> decided.succeeded() && isGood(decided.result())
                                ? Future.succeededFuture(credential)
                                : lookAt(token, named, wanted));
    }

    private Future<TokenHash> lookAt(LoginToken token, UUID named, Wanted wanted) {
        TokenHash credential = wanted.credential();
        parts.limits().checkLookup(wanted.address());
        if (running.incrementAndGet() > MOST_AT_ONCE) {
            running.decrementAndGet();
            return Future.failedFuture(Refusal.of(ErrorCode.OVERLOADED));
        }
        return tokens.check(token)
                .compose(made -> parts.database().inTransaction(named, transaction -> look(transaction, wanted)))
                .onComplete(done -> running.decrementAndGet())
                .map(person -> {
                    lookedAt.put(credential, true);
                    // A moment ago it may have been unknown.
                    parts.authority().issued(credential);
                    return credential;
                });
    }

    @Override
    public Future<Void> check(HttpServerRequest request) {
        return tokens.check(shown(request));
    }

    private LoginToken shown(HttpServerRequest request) {
        @Nullable LoginToken token = LoginToken.of(request);
        if (token == null) {
            throw Refusal.of(ErrorCode.TOKEN_MISSING);
        }
        if (token.cookie()) {
            sites.checkCookie(request);
        }
        return token;
    }

    /** What a login's credential in an organization is found by. */
    static TokenHash credential(TokenHash login, UUID orgId) {
        return TokenFormat.hash(LABEL + HexFormat.of().formatHex(login.toBytes()) + " " + orgId);
    }

    /** Under the organization's row: who is in by a password alone when it asks for more is put out by that change. */
    private Future<Void> checkFactor(Transaction transaction, UUID orgId, Person person, ClientAddress address) {
        return parts.sessions()
                .asksForSecondFactor(transaction, orgId)
                .compose(asked ->
                        asked ? parts.factors().isEnrolled(transaction, person.userId()) : Future.succeededFuture(true))
                .map(enough -> {
                    if (!enough) {
                        AuditRecord record = new AuditRecord(parts.ids().next(), AuditAction.LOGIN_BEGIN)
                                .bySystem(orgId)
                                .from(address)
                                .detail("user_id", person.userId().toString());
                        throw new RecordedRefusal(Refusal.of(ErrorCode.SECOND_FACTOR_REQUIRED), record);
                    }
                    return null;
                });
    }

    private record Wanted(TokenHash login, @Nullable UUID orgId, TokenHash credential, ClientAddress address) {}

    private static boolean isGood(@Nullable Decision decision) {
        return decision != null && decision.refusal() == null;
    }

    /** The login's row is held: of its end and this, one waits for the other. */
    private Future<Person> look(Transaction transaction, Wanted wanted) {
        return parts.sessions().hold(transaction, wanted.login()).compose(visit -> {
            if (visit == null) {
                throw Refusal.of(ErrorCode.TOKEN_INVALID);
            }
            Person person = visit.person(idle);
            @Nullable UUID orgId = wanted.orgId();
            if (orgId == null) {
                throw Refusal.of(ErrorCode.ORG_NOT_FOUND);
            }
            return parts.sessions()
                    .seen(transaction, person.sessionId())
                    .compose(seen -> parts.sessions().isMember(transaction, orgId, person.userId()))
                    .compose(member -> {
                        if (!member) {
                            throw Refusal.of(ErrorCode.ORG_NOT_FOUND);
                        }
                        return checkFactor(transaction, orgId, person, wanted.address())
                                .compose(may -> entered(transaction, wanted, orgId, visit))
                                .map(in -> person);
                    });
        });
    }

    private Future<Void> entered(Transaction transaction, Wanted wanted, UUID orgId, LoginSessions.Visit visit) {
        UUID id = parts.ids().next();
        LoginSession session = visit.session();
        return parts.sessions()
                .enter(transaction, session.id(), new LoginSessions.Entry(orgId, id))
                .compose(first -> {
                    if (!first) {
                        return Future.succeededFuture();
                    }
                    AuditRecord record = new AuditRecord(parts.ids().next(), AuditAction.LOGIN_BEGIN)
                            .bySystem(orgId)
                            .from(wanted.address())
                            .detail("user_id", session.userId().toString())
                            .detail("token_id", id.toString());
                    return parts.keys()
                            .add(transaction, row(orgId, id, wanted.credential(), visit))
                            .compose(added -> parts.audit().append(transaction, record));
                });
    }

    private static Credential row(UUID orgId, UUID id, TokenHash hash, LoginSessions.Visit visit) {
        Instant now = visit.now();
        return new Credential(
                orgId,
                id,
                hash,
                TokenKind.LOGIN,
                visit.account().email(),
                "",
                ScopeSet.all(),
                Reach.EVERYWHERE,
                "{}",
                visit.account().userId(),
                null,
                null,
                null,
                "login:" + visit.session().id(),
                now,
                visit.session().expiresAt(),
                null,
                null);
    }
}
