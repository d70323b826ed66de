package com.fyvault.federation;

import com.fyvault.api.Addresses;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditGate;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.audit.AuditRecord;
import com.fyvault.audit.Settlement;
import com.fyvault.audit.Verdict;
import com.fyvault.credentials.KeyStore;
import com.fyvault.federation.ExchangeIdentity.Asked;
import com.fyvault.federation.ExchangeIdentity.Made;
import com.fyvault.federation.NotAccepted.Reason;
import com.fyvault.limits.Limits;
import com.fyvault.platform.http.BodyReader;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Credential;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The two doors for those who have an identity token and nothing else: no bearer token is asked for. Whatever is wrong with
 * the token, or with the organization, is one and the same 401.
 */
public final class ExchangeRoutes {
    /** A token with what is around it in a form, where each of its characters may be escaped. */
    private static final int LARGEST_BODY = 64 * 1_024;

    private final Shared shared;
    private final Edge edge;

    /** What all event loops share: the use case, and how many exchanges run. */
    public static final class Shared {
        private final ExchangeIdentity exchange;
        private final int most;
        private final AtomicInteger running = new AtomicInteger();

        /** What an exchange works with. */
        public record Parts(
                Database database,
                KeyStore keys,
                PostgresTrustRuleStore rules,
                AuditLog audit,
                Authority authority,
                KeySets keySets,
                WorkerExecutor workers) {}

        /** How much of it there may be: exchanges at once, and live sessions of a rule. */
        public record Most(int exchanges, int sessions) {}

        public Shared(Parts parts, Most most, com.fyvault.crypto.Uuid7 ids, java.security.SecureRandom random) {
            this.most = most.exchanges();
            this.exchange = new ExchangeIdentity(
                    parts.rules(),
                    new VerifyIdentity(parts.keySets(), parts.workers()),
                    parts.authority(),
                    new ExchangeIdentity.Storing(parts.database(), parts.keys(), parts.audit(), most.sessions()),
                    new ExchangeIdentity.Drawing(ids, random));
        }

        private Future<Made> exchange(Asked asked) {
            if (running.incrementAndGet() > most) {
                running.decrementAndGet();
                return Future.failedFuture(Refusal.of(ErrorCode.OVERLOADED));
            }
            return Future.succeededFuture()
                    .compose(go -> exchange.exchange(asked))
                    .onComplete(done -> running.decrementAndGet());
        }
    }

    /** What belongs to the event loop. */
    public record Edge(AuditGate gate, BodyReader bodies, Addresses addresses, Limits limits) {}

    public ExchangeRoutes(Shared shared, Edge edge) {
        this.shared = shared;
        this.edge = edge;
    }

    public void mount(Routes routes) {
        routes.post("/auth/oidc/github", "exchangeGithubToken", AuditAction.IDENTITY_EXCHANGE)
                .owns((id, request, path) -> handle(id, request, ExchangeRequest::github, this::plain));
        routes.post("/auth/oidc/exchange", "exchangeToken", AuditAction.IDENTITY_EXCHANGE)
                .owns((id, request, path) -> handle(
                        id,
                        request,
                        body -> ExchangeRequest.rfc8693(request.getHeader(HttpHeaders.CONTENT_TYPE), body),
                        this::rfc8693));
    }

    private void handle(
            UUID id,
            HttpServerRequest request,
            Function<Buffer, ExchangeRequest> parse,
            Function<Made, JsonObject> render) {
        request.pause();
        edge.gate().checkDoor();
        ClientAddress address = edge.addresses().of(request);
        edge.limits().checkLookup(address);
        edge.bodies()
                .read(request, LARGEST_BODY)
                .map(body -> {
                    edge.bodies().release(body);
                    return parse.apply(body);
                })
                .compose(wanted -> exchanged(id, wanted, address))
                .onSuccess(made -> answer(request, id, render.apply(made)))
                .onFailure(failure -> ErrorExit.end(request, id.toString(), told(failure, address)));
    }

    /** That an issuer is away is not held against those who come with its tokens. */
    private Throwable told(Throwable failure, ClientAddress address) {
        Throwable told = failure instanceof NotAccepted ? Refusal.of(ErrorCode.IDENTITY_REFUSED) : failure;
        boolean away = failure instanceof NotAccepted refused && refused.reason() == Reason.KEYS_UNAVAILABLE;
        return away ? told : edge.limits().judged(address, told);
    }

    private Future<Made> exchanged(UUID id, ExchangeRequest wanted, ClientAddress address) {
        IdentityToken token = IdentityToken.parse(wanted.token());
        if (wanted.orgId() == null) {
            throw new NotAccepted(Reason.ORGANIZATION_UNKNOWN);
        }
        Asked asked = new Asked(id, wanted.orgId(), token, address);
        return shared.exchange(asked).recover(failure -> {
            @Nullable AuditRecord record = record(asked, failure);
            if (record == null) {
                return Future.failedFuture(failure);
            }
            Promise<Verdict> written = Promise.promise();
            edge.gate().submit(record, Settlement.of(written));
            return written.future().compose(verdict -> Future.failedFuture(failure));
        });
    }

    /** A refusal is recorded before it is answered, where there is an organization whose trail it could stand in. */
    private static @Nullable AuditRecord record(Asked asked, Throwable failure) {
        AuditRecord record = new AuditRecord(asked.id(), AuditAction.IDENTITY_EXCHANGE)
                .bySystem(asked.orgId())
                .from(asked.address())
                .outcome(AuditOutcome.REFUSED);
        if (failure instanceof Refusal refusal && refusal.code().status() < 500) {
            return record.detail("code", refusal.code().name());
        }
        if (!(failure instanceof NotAccepted refused) || refused.reason() == Reason.ORGANIZATION_UNKNOWN) {
            return null;
        }
        if (refused.subject() != null) {
            record.detail("subject", Shown.text(refused.subject()));
        }
        return record.detail("code", ErrorCode.IDENTITY_REFUSED.name())
                .detail("reason", refused.reason().text());
    }

    private JsonObject plain(Made made) {
        return new JsonObject().put("success", true).put("data", data(made));
    }

    /** The members of RFC 8693 beside the envelope that every answer has. */
    private JsonObject rfc8693(Made made) {
        Credential session = made.session();
        long life = Duration.between(session.createdAt(), Objects.requireNonNull(session.expiresAt()))
                .toSeconds();
        return plain(made)
                .put("access_token", made.token().exposeText())
                .put("issued_token_type", ExchangeRequest.issuedType())
                .put("token_type", "Bearer")
                .put("expires_in", life);
    }

    private static JsonObject data(Made made) {
        Credential session = made.session();
        String ends = String.valueOf(session.expiresAt());
        return new JsonObject()
                .put("token", made.token().exposeText())
                .put("org_id", session.orgId().toString())
                .put("id", session.id().toString())
                .put("session_token_id", session.id().toString())
                .put("rule_id", made.rule().credential().id().toString())
                .put("scopes", new JsonArray(session.scopes().names()))
                .put("expires_at", ends)
                .put("expiresAt", ends);
    }

    private static void answer(HttpServerRequest request, UUID id, JsonObject body) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("x-request-id", id.toString())
                .end(body.toBuffer())
                .onFailure(gone -> ErrorExit.clientGone());
    }
}
