package com.fyvault.people;

import com.fyvault.api.Addresses;
import com.fyvault.api.Answer;
import com.fyvault.api.LoginToken;
import com.fyvault.api.Routes;
import com.fyvault.api.Sites;
import com.fyvault.audit.AuditGate;
import com.fyvault.audit.RecordedRefusal;
import com.fyvault.crypto.SealBroken;
import com.fyvault.limits.Limits;
import com.fyvault.platform.http.BodyReader;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.http.ReleaseWindow;
import com.fyvault.tokens.Bearer;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The frame of the routes that are about a person and no organization: where the request may come from, who is logged
 * in, the body, and the answer. Each does its work and its event in one transaction of its own. Belongs to one event
 * loop.
 */
public final class PersonFrame {
    private static final int LARGEST_BODY = 16 * 1_024;
    private static final Duration SEEN_EVERY = Duration.ofSeconds(30);

    private final Logins logins;
    private final Edge edge;

    /** Whom a login belongs to, for all event loops. */
    record Logins(LoginSessions sessions, LoginTokens tokens, Sites sites, Duration idle) {}

    /** What belongs to the event loop. */
    public record Edge(AuditGate gate, BodyReader bodies, Addresses addresses, Limits limits) {}

    /** What a route does. */
    @FunctionalInterface
    public interface Work {
        Future<Answer> answer(PersonCall call);
    }

    PersonFrame(Logins logins, Edge edge) {
        this.logins = logins;
        this.edge = edge;
    }

    /** Mounts a route that nobody must be logged in for. */
    public void open(Routes.Line line, Work work) {
        line.ofPeople()
                .owns((id, request, path) -> handle(
                        new PersonCall.Arrival(
                                id, request, path, edge.addresses().of(request)),
                        false,
                        work));
    }

    /** Mounts a route of somebody who is logged in. */
    public void person(Routes.Line line, Work work) {
        line.ofPeople()
                .owns((id, request, path) -> handle(
                        new PersonCall.Arrival(
                                id, request, path, edge.addresses().of(request)),
                        true,
                        work));
    }

    public Limits limits() {
        return edge.limits();
    }

    private void handle(PersonCall.Arrival arrival, boolean loggedIn, Work work) {
        HttpServerRequest request = arrival.request();
        request.pause();
        Future.succeededFuture()
                .compose(go -> loggedIn ? who(arrival) : nobody(request))
                .compose(person -> edge.bodies().read(request, LARGEST_BODY).compose(body -> {
                    edge.bodies().release(body);
                    Fields fields = Fields.parse(body.getBytes());
                    PersonCall call = new PersonCall(arrival, person, fields);
                    return work.answer(call)
                            .onComplete(done -> fields.close())
                            .onSuccess(answer -> send(call, request, answer));
                }))
                .recover(failure -> RecordedRefusal.told(edge.gate(), failure))
                .onFailure(failure -> ErrorExit.end(
                        request,
                        arrival.id().toString(),
                        edge.limits().judged(arrival.address(), told(arrival, failure))));
    }

    /** A text that does not open where it stands was put there by somebody else. */
    private static Throwable told(PersonCall.Arrival arrival, Throwable failure) {
        if (!(failure instanceof SealBroken)) {
            return failure;
        }
        ErrorExit.alarm(arrival.id(), "sealed text refused");
        return Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
    }

    private Future<@Nullable Person> nobody(HttpServerRequest request) {
        logins.sites().checkOpen(request);
        return Future.succeededFuture(null);
    }

    private Future<@Nullable Person> who(PersonCall.Arrival arrival) {
        HttpServerRequest request = arrival.request();
        @Nullable LoginToken token = LoginToken.of(request);
        if (token == null) {
            TokenHash _ = Bearer.hash(request.getHeader(HttpHeaders.AUTHORIZATION));
            throw Refusal.of(ErrorCode.KIND_NOT_ALLOWED, "Only a person who is logged in can do that");
        }
        if (token.cookie()) {
            logins.sites().checkCookie(request);
        }
        edge.limits().checkLookup(arrival.address());
        return logins.tokens()
                .check(token)
                .compose(made -> logins.sessions().find(token.hash()))
                .compose(visit -> {
                    if (visit == null) {
                        throw Refusal.of(ErrorCode.TOKEN_INVALID);
                    }
                    Person person = visit.person(logins.idle());
                    boolean fresh =
                            visit.session().lastSeenAt().plus(SEEN_EVERY).isAfter(visit.now());
                    return fresh
                            ? Future.succeededFuture(person)
                            : logins.sessions().seen(person.sessionId()).map(person);
                });
    }

    private static void send(PersonCall call, HttpServerRequest request, Answer answer) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed() || ReleaseWindow.turnsAway(request)) {
            return;
        }
        UUID id = call.id();
        response.setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("x-request-id", id.toString());
        call.cookies().forEach(cookie -> response.headers().add(HttpHeaders.SET_COOKIE, cookie));
        response.end(answer.toBuffer()).onFailure(gone -> ErrorExit.clientGone());
    }
}
