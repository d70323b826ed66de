package com.fyvault.api;

import com.fyvault.audit.AuditAction;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the endpoints of the features. The OpenAPI document and the tests read the same list. */
public final class Routes {
    /** A line of the table before its work is named. */
    public record Line(
            Routes routes,
            HttpMethod method,
            String path,
            String operationId,
            AuditAction action,
            Set<Scope> scopes,
            Set<TokenKind> kinds,
            @Nullable Endpoint itself,
            @Nullable Home home) {

        /** One of these scopes is needed. */
        public Line needs(Scope... any) {
            return new Line(routes, method, path, operationId, action, Set.of(any), kinds, itself, home);
        }

        /** This kind of token may too, besides those of every route. */
        public Line alsoFor(TokenKind kind) {
            Set<TokenKind> more = EnumSet.copyOf(kinds);
            more.add(kind);
            return new Line(routes, method, path, operationId, action, scopes, more, itself, home);
        }

        /** Of providers alone: what only their own tokens may. */
        public Line ofProviders() {
            return new Line(
                    routes, method, path, operationId, action, scopes, Set.of(TokenKind.PROVIDER), itself, home);
        }

        /** Of a provider that calls by itself the route is another one, with scopes, an action and work of its own. */
        public Line otherwise(Line forProviders, Endpoint.WriteWork work) {
            Endpoint other = endpoint(forProviders.ofProviders(), new Endpoint.Write(work, false));
            return new Line(routes, method, path, operationId, action, scopes, kinds, other, home);
        }

        /** Of a person, not of an organization: only a login may, if anybody must show a token at all. */
        public Line ofPeople() {
            return new Line(routes, method, path, operationId, action, scopes, Set.of(TokenKind.LOGIN), itself, home);
        }

        /** The path names no organization: of a login it is found so. */
        public Line at(@Nullable Home found) {
            return new Line(routes, method, path, operationId, action, scopes, kinds, itself, found);
        }

        public void reads(Endpoint.ReadWork work) {
            routes.add(this, new Endpoint.Read(work));
        }

        public void writes(Endpoint.WriteWork work) {
            routes.add(this, new Endpoint.Write(work, false));
        }

        /** Changes who may do what: takes the organization's row for writing. */
        public void changesAuthority(Endpoint.WriteWork work) {
            routes.add(this, new Endpoint.Write(work, true));
        }

        public void owns(Endpoint.OwnWork work) {
            routes.add(this, new Endpoint.Own(work, null));
        }

        /** The same but for some requests, which are read as elsewhere. */
        public void owns(Endpoint.OwnWork work, Endpoint.Aside aside) {
            routes.add(this, new Endpoint.Own(work, aside));
        }
    }

    private final List<Endpoint> endpoints = new ArrayList<>();

    public Line get(String path, String operationId, AuditAction action) {
        return line(HttpMethod.GET, path, operationId, action);
    }

    public Line post(String path, String operationId, AuditAction action) {
        return line(HttpMethod.POST, path, operationId, action);
    }

    public Line patch(String path, String operationId, AuditAction action) {
        return line(HttpMethod.PATCH, path, operationId, action);
    }

    public Line delete(String path, String operationId, AuditAction action) {
        return line(HttpMethod.DELETE, path, operationId, action);
    }

    /** Every endpoint, in the order of mounting. */
    public List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    private Line line(HttpMethod method, String path, String operationId, AuditAction action) {
        return new Line(this, method, path, operationId, action, Set.of(), Endpoint.ORG_KINDS, null, null);
    }

    private void add(Line line, Endpoint.Work work) {
        endpoints.add(endpoint(line, work));
    }

    private static Endpoint endpoint(Line line, Endpoint.Work work) {
        return new Endpoint(
                line.method(),
                line.path(),
                line.operationId(),
                line.scopes(),
                line.kinds(),
                line.action(),
                work,
                line.itself(),
                line.home());
    }
}
