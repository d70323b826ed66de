package com.fyvault.connect;

import com.fyvault.api.Addresses;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditGate;
import com.fyvault.audit.AuditLog;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.KeyStore;
import com.fyvault.credentials.VaultRoles;
import com.fyvault.crypto.SealBroken;
import com.fyvault.crypto.Uuid7;
import com.fyvault.limits.Limits;
import com.fyvault.platform.config.IssueSettings;
import com.fyvault.platform.http.BodyReader;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.providers.RegisterProvider;
import com.fyvault.providers.TellProvider;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A person lets a provider in; whoever then has the code and the verifier gets the provider's token, without any other. */
public final class ConnectRoutes {
    private static final int LARGEST_BODY = 8 * 1_024;
    /** Exchanges at once on a node: each holds a connection. */
    private static final int AT_ONCE = 16;

    private static final Set<String> KNOWN = Set.of("code", "codeVerifier", "redirectUri");

    private final Shared shared;
    private final Edge edge;

    /** What all event loops share. */
    public static final class Shared {
        private final ApproveProvider approve;
        private final ExchangeCode exchange;
        private final IssueSettings settings;
        private final AtomicInteger running = new AtomicInteger();

        /** What approvals and exchanges work with. */
        public record Parts(
                Database database,
                PostgresConnectStore store,
                ChildTokens tokens,
                TellProvider telling,
                RegisterProvider register,
                KeyStore keys,
                VaultRoles roles,
                AuditLog audit,
                Authority authority,
                Withdrawals withdrawals) {}

        public Shared(Parts parts, IssueSettings settings, Uuid7 ids, SecureRandom random) {
            ExchangeCode.Tools tools = new ExchangeCode.Tools(ids, random);
            this.settings = settings;
            this.approve =
                    new ApproveProvider(parts.store(), parts.tokens(), parts.telling(), tools, settings.connectCodes());
            ExchangeCode.Parts making = new ExchangeCode.Parts(
                    parts.database(),
                    parts.keys(),
                    parts.roles(),
                    parts.register(),
                    parts.audit(),
                    parts.authority(),
                    parts.withdrawals());
            this.exchange = new ExchangeCode(parts.store(), making, tools, settings.providers());
        }

        private <T> Future<T> bounded(Supplier<Future<T>> work) {
            if (running.incrementAndGet() > AT_ONCE) {
                running.decrementAndGet();
                return Future.failedFuture(Refusal.of(ErrorCode.OVERLOADED));
            }
            return Future.succeededFuture().compose(go -> work.get()).onComplete(done -> running.decrementAndGet());
        }
    }

    /** What belongs to the event loop. */
    public record Edge(AuditGate gate, BodyReader bodies, Addresses addresses, Limits limits) {}

    public ConnectRoutes(Shared shared, Edge edge) {
        this.shared = shared;
        this.edge = edge;
    }

    public void mount(Routes routes) {
        // Under the organization's row for writing: it is what makes the limit exact.
        routes.post("/orgs/{org}/providers/connect", "approveProvider", AuditAction.CONNECT_APPROVE)
                .needs(Scope.PROVIDERS_WRITE)
                .changesAuthority(shared.approve::approve);
        routes.post("/connect/token", "exchangeConnectCode", AuditAction.CONNECT_EXCHANGE)
                .owns((id, request, path) -> exchange(id, request));
    }

    private void exchange(UUID id, HttpServerRequest request) {
        request.pause();
        edge.gate().checkDoor();
        ClientAddress address = edge.addresses().of(request);
        edge.limits()
                .admit(address, "connects", shared.settings.connects())
                .compose(admitted -> edge.bodies().read(request, LARGEST_BODY))
                .map(body -> {
                    edge.bodies().release(body);
                    return asked(id, body, address);
                })
                .compose(asked -> shared.bounded(() -> shared.exchange.exchange(asked)))
                .onSuccess(made -> answer(request, id, shown(made)))
                .onFailure(failure -> ErrorExit.end(request, id.toString(), told(id, failure)));
    }

    /** A row that was altered by hand is our fault, and nobody's who comes with a code. */
    private static Throwable told(UUID id, Throwable failure) {
        if (!(failure instanceof SealBroken)) {
            return failure;
        }
        ErrorExit.alarm(id, "sealed approval refused");
        return Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
    }

    private static ExchangeCode.Asked asked(UUID id, Buffer body, ClientAddress address) {
        try (Fields fields = Fields.parse(body.getBytes())) {
            fields.refuseAllBut(KNOWN);
            String verifier = Pkce.verifier(fields);
            String redirect = fields.text("redirectUri", RedirectUri.LONGEST);
            @Nullable ConnectCode code = ConnectCode.parse(fields.text("code", ConnectCode.LONGEST));
            if (code == null) {
                throw Refusal.of(ErrorCode.CONNECT_CODE_REFUSED);
            }
            return new ExchangeCode.Asked(id, code, verifier, redirect, address);
        }
    }

    private static JsonObject shown(ExchangeCode.Made made) {
        Credential credential = made.credential();
        String provider = "/api/v1/orgs/" + credential.orgId() + "/providers/" + credential.id();
        JsonArray projects = new JsonArray();
        credential.reach().projectIds().forEach(project -> projects.add(project.toString()));
        return new JsonObject()
                .put("provider", made.registered().provider())
                .put("token", made.token().exposeText())
                .put("webhookSecret", made.registered().webhookSecret())
                .put("orgId", credential.orgId().toString())
                .put("projectIds", projects)
                .put(
                        "paths",
                        new JsonObject()
                                .put("provider", provider)
                                .put("push", provider + "/push")
                                .put("pushBatch", provider + "/push/batch"));
    }

    private static void answer(HttpServerRequest request, UUID id, JsonObject data) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(201)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("x-request-id", id.toString())
                .end(new JsonObject().put("success", true).put("data", data).toBuffer())
                .onFailure(gone -> ErrorExit.clientGone());
    }
}
