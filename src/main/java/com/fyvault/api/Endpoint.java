package com.fyvault.api;

import com.fyvault.audit.AuditAction;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One row of the route table: the method and path, who may, what it is called in the OpenAPI
 * document and in the audit trail, and the work.
 *
 * @param path below the version prefix, with parameters in braces: {@code /orgs/{org}/secrets/{id}}
 * @param scopes one of these is needed; empty for any credential of the organization
 * @param kinds the kinds of credential that may
 * @param itself what the route means when a provider itself calls it; null when its token is not let in, or means the same
 * @param home where a login's organization is found when the path does not name it; null when it does, or there is none
 */
public record Endpoint(
        HttpMethod method,
        String path,
        String operationId,
        Set<Scope> scopes,
        Set<TokenKind> kinds,
        AuditAction action,
        Work work,
        @Nullable Endpoint itself,
        @Nullable Home home) {

    /** The kinds that act for people and applications on organization routes. */
    public static final Set<TokenKind> ORG_KINDS = Set.of(
            TokenKind.API_KEY,
            TokenKind.TEST_KEY,
            TokenKind.SESSION,
            TokenKind.AGENT,
            TokenKind.BREAK_GLASS,
            TokenKind.LOGIN);

    /** Those that may be given single values: a device too, which is confined to the secrets that it was assigned. */
    public static final Set<TokenKind> VALUE_KINDS = Set.of(
            TokenKind.API_KEY,
            TokenKind.TEST_KEY,
            TokenKind.SESSION,
            TokenKind.AGENT,
            TokenKind.BREAK_GLASS,
            TokenKind.LOGIN,
            TokenKind.DEVICE);

    private static final int READ_BODY = 1_024;
    private static final int WRITE_BODY = 64 * 1_024;
    /** A text of 1 MiB, also when most of its characters are escaped. */
    private static final int TEXT_BODY = 3 * 1_024 * 1_024;

    /** A hundred texts, of which few are long. */
    private static final int SIGHTINGS_BODY = 256 * 1_024;

    private static final Set<AuditAction> VALUE_WRITERS = Set.of(
            AuditAction.SECRET_CREATE,
            AuditAction.SECRET_UPDATE,
            AuditAction.SECRET_ROTATE,
            AuditAction.PROVIDER_PUSH,
            AuditAction.PROVIDER_PUSH_BATCH,
            AuditAction.PROVIDER_ROTATE);

    /** How an endpoint does its work. */
    public sealed interface Work {}

    /** Reads; answered once the gate has recorded it and found the authority still good. */
    public record Read(ReadWork work) implements Work {}

    /** Changes; done, recorded and checked in one transaction. */
    public record Write(WriteWork work, boolean changesAuthority) implements Work {}

    /** Takes over the request whole: the hot path, which has its own authentication and gate. */
    public record Own(OwnWork work, @Nullable Aside aside) implements Work {
        boolean takes(HttpServerRequest request) {
            return aside == null || !aside.means(request);
        }
    }

    /** The requests of such a route that are no matter of a hot path, and are read as elsewhere. */
    public record Aside(Predicate<HttpServerRequest> which, ReadWork work) {
        boolean means(HttpServerRequest request) {
            return which.test(request);
        }
    }

    @FunctionalInterface
    public interface ReadWork {
        Future<Answer> answer(Call call);
    }

    @FunctionalInterface
    public interface WriteWork {
        Future<Answer> answer(Call call, Transaction transaction);
    }

    @FunctionalInterface
    public interface OwnWork {
        void handle(UUID requestId, HttpServerRequest request, java.util.Map<String, String> parameters);
    }

    public Endpoint {
        scopes = scopes.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(scopes));
        kinds = Set.copyOf(kinds);
    }

    /** What the route means for this kind of credential. */
    Endpoint calledBy(TokenKind kind) {
        return itself != null && itself.kinds().contains(kind) ? itself : this;
    }

    /** Bytes of body that the endpoint has use for: values only where values are written, next to nothing for a read but that of a text. */
    int mostBodyBytes() {
        if (!(work instanceof Write)) {
            return action == AuditAction.TEXT_SCAN ? TEXT_BODY : READ_BODY;
        }
        return VALUE_WRITERS.contains(action)
                ? Integer.MAX_VALUE
                : action == AuditAction.LEAK_SIGHTINGS ? SIGHTINGS_BODY : WRITE_BODY;
    }

    /** The names of the parameters in the path, in order. */
    List<String> parameterNames() {
        return java.util.Arrays.stream(path.split("/"))
                .filter(s -> s.startsWith("{"))
                .map(s -> s.substring(1, s.length() - 1))
                .toList();
    }
}
