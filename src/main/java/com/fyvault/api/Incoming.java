package com.fyvault.api;

import com.fyvault.limits.Charge;
import com.fyvault.limits.Limits;
import com.fyvault.platform.http.BodyReader;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request that has found its endpoint. Its body is read once, however often it is decided. */
final class Incoming {
    private final UUID id;
    private final HttpServerRequest request;
    private final RouteTree.Match match;
    private final ClientAddress address;
    private Endpoint endpoint;
    private @Nullable Buffer body;
    private Charge charge = Charge.UNPAID;
    private @Nullable Decision chargedFor;

    /** @param id the request's id, which is the id of its audit record */
    Incoming(UUID id, HttpServerRequest request, RouteTree.Match match, ClientAddress address) {
        this.id = id;
        this.request = request;
        this.match = match;
        this.endpoint = match.endpoint();
        this.address = address;
    }

    UUID id() {
        return id;
    }

    HttpServerRequest request() {
        return request;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Notes what kind of credential calls: the route may mean something else for it. */
    void calledBy(TokenKind kind) {
        endpoint = match.endpoint().calledBy(kind);
    }

    /** The path parameters by name. */
    Map<String, String> parameters() {
        return match.parameters();
    }

    ClientAddress address() {
        return address;
    }

    /** What the request was charged with. */
    Charge charge() {
        return charge;
    }

    /** Charges the request, once as long as it is decided on the same authority. */
    Future<Charge> charge(Limits limits, Decision decision) {
        if (!decision.equals(chargedFor)) {
            chargedFor = decision;
            charge = charge.takenBack();
        }
        return charge.isPaid()
                ? Future.succeededFuture(charge)
                : limits.charge(decision).onSuccess(paid -> charge = paid);
    }

    Future<Buffer> body(BodyReader reader) {
        if (body != null) {
            return Future.succeededFuture(body);
        }
        return reader.read(request, endpoint().mostBodyBytes()).onSuccess(read -> body = read);
    }

    /** Lets go of the body: the request has been decided for the last time. */
    void release(BodyReader reader) {
        if (body != null) {
            reader.release(body);
            body = null;
        }
    }
}
