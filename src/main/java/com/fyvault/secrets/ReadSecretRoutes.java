package com.fyvault.secrets;

import com.fyvault.api.Addresses;
import com.fyvault.api.Entrance;
import com.fyvault.api.LoginToken;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditGate;
import com.fyvault.audit.RecordedRefusal;
import com.fyvault.crypto.Uuid7;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Query;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Bearer;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The routes that release one value; the plain spelling of the hot one goes past the route table. */
public final class ReadSecretRoutes {
    private final ReadSecret readSecret;
    private final ReadPrevious readPrevious;
    private final AuditGate gate;
    private final Addresses addresses;
    private final Entrance entrance;
    private final Uuid7 ids;

    /** What belongs to the event loop, and how a person comes in. */
    public record Edge(AuditGate gate, Addresses addresses, Entrance entrance) {}

    public ReadSecretRoutes(ReadSecret readSecret, ReadPrevious readPrevious, Edge edge, Uuid7 ids) {
        this.readSecret = readSecret;
        this.readPrevious = readPrevious;
        this.gate = edge.gate();
        this.addresses = edge.addresses();
        this.entrance = edge.entrance();
        this.ids = ids;
    }

    public void mount(Routes routes) {
        for (String place : Places.PATHS) {
            routes.get(place + "/secrets/by-name/{name}/value", "readSecretByName", AuditAction.SECRET_READ)
                    .needs(Scope.SECRETS_READ)
                    .alsoFor(TokenKind.DEVICE)
                    .owns((id, request, path) -> read(id, request, path, named(path)), readPrevious.aside());
            routes.get(place + "/secrets/{secret}/value", "readSecret", AuditAction.SECRET_READ)
                    .needs(Scope.SECRETS_READ)
                    .alsoFor(TokenKind.DEVICE)
                    .owns(
                            (id, request, path) ->
                                    read(id, request, path, SecretTarget.idKey(path.getOrDefault("secret", ""))),
                            readPrevious.aside());
        }
    }

    /** Reads when the request is the hot one in its plain spelling; false leaves it to the route table. */
    public boolean tryRead(HttpServerRequest request) {
        if (!HttpMethod.GET.equals(request.method()) || LoginToken.isShown(request)) {
            return false;
        }
        @Nullable SecretTarget target = SecretTarget.plain(request.uri());
        if (target == null) {
            return false;
        }
        readSecret.read(gate, target, asked(ids.next(), request, addresses.of(request)));
        return true;
    }

    private void read(UUID id, HttpServerRequest request, Map<String, String> path, @Nullable SecretKey key) {
        ClientAddress address = addresses.of(request);
        try {
            List<String> environments = Query.parameters(request.uri()).getOrDefault("environment", List.of());
            if (environments.size() > 1) {
                throw Refusal.of(ErrorCode.INVALID_FIELD, "environment is given twice");
            }
            String environment = environments.isEmpty() ? "" : environments.get(0);
            String project = path.getOrDefault("project", "");
            SecretTarget target = new SecretTarget(
                    SecretTarget.lower(path.getOrDefault("org", "")),
                    project.isEmpty() ? null : SecretTarget.lower(project),
                    key == null ? SecretKey.NONE : key,
                    environment.isEmpty() ? null : SecretTarget.lower(environment));
            if (LoginToken.isShown(request)) {
                enter(id, request, target, address);
            } else {
                readSecret.read(gate, target, asked(id, request, address));
            }
        } catch (RuntimeException failure) {
            ErrorExit.end(request, id.toString(), failure);
        }
    }

    /** A person's login has a credential here that reads like any other's. */
    private void enter(UUID id, HttpServerRequest request, SecretTarget target, ClientAddress address) {
        gate.checkDoor();
        Supplier<Future<TokenHash>> door = () ->
                entrance.enter(request, target.org(), address).recover(failure -> RecordedRefusal.told(gate, failure));
        door.get()
                .onSuccess(token -> readSecret.read(
                        gate, target, new ReadSecret.Asked(id, request, address, new Entered(token, door))))
                .onFailure(failure -> ErrorExit.end(
                        request, id.toString(), readSecret.limits().judged(address, failure)));
    }

    private static ReadSecret.Asked asked(UUID id, HttpServerRequest request, ClientAddress address) {
        return new ReadSecret.Asked(
                id, request, address, () -> Bearer.hash(request.getHeader(HttpHeaders.AUTHORIZATION)));
    }

    private static SecretKey named(Map<String, String> path) {
        return SecretKey.name(SecretTarget.lower(path.getOrDefault("name", "")));
    }

    /** A login that was let in. */
    private record Entered(TokenHash hash, Supplier<Future<TokenHash>> door) implements Shown {
        @Override
        public Future<TokenHash> again() {
            return door.get();
        }
    }
}
