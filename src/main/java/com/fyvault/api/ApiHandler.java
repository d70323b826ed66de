package com.fyvault.api;

import com.fyvault.audit.AuditGate;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.audit.AuditRecord;
import com.fyvault.audit.RecordedRefusal;
import com.fyvault.audit.Settlement;
import com.fyvault.audit.Verdict;
import com.fyvault.crypto.SealBroken;
import com.fyvault.crypto.Uuid7;
import com.fyvault.limits.Limits;
import com.fyvault.platform.http.BodyReader;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Path;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.http.ReleaseWindow;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Tombstones;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every API request but the hot path: find the endpoint, authenticate, admit, read the body, do the
 * work, record, answer. Authority that moves on the way sends the request round again, a bounded
 * number of times. A refusal of a known token is recorded before it is answered.
 */
public final class ApiHandler implements Handler<HttpServerRequest> {
    private static final int MOST_ATTEMPTS = 4;
    private static final int UNCHANGED = 304;
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence NEXT_CURSOR = HttpHeaders.createOptimized("x-next-cursor");

    private final RouteTree routes;
    private final Authority authority;
    private final Limits limits;
    private final Authenticator authenticator;
    private final Tombstones tombstones;
    private final StepUps stepUps;
    private final Changes changes;
    private final Edge edge;

    /** What belongs to the event loop that the handler serves. */
    public record Edge(AuditGate gate, BodyReader bodies, Addresses addresses, Uuid7 ids) {}

    /** Who may, and how often. */
    record Trust(Authority authority, Tombstones tombstones, Limits limits, Doors doors) {}

    /** How a person comes in, and what is asked of them once more there. */
    public record Doors(Entrance entrance, StepUps stepUps) {}

    ApiHandler(RouteTree routes, Trust trust, Changes changes, Edge edge) {
        this.routes = routes;
        this.authority = trust.authority();
        this.limits = trust.limits();
        this.authenticator = new Authenticator(authority, limits, trust.doors().entrance(), edge.bodies());
        this.tombstones = trust.tombstones();
        this.stepUps = trust.doors().stepUps();
        this.changes = changes;
        this.edge = edge;
    }

    @Override
    public void handle(HttpServerRequest request) {
        UUID id = edge.ids().next();
        try {
            HttpMethod method = request.method();
            RouteTree.Match match = routes.match(method, Path.segments(String.valueOf(request.path())));
            if (match.endpoint().work() instanceof Endpoint.Own own && own.takes(request)) {
                own.work().handle(id, request, match.parameters());
                return;
            }
            request.pause();
            edge.gate().checkDoor();
            Incoming incoming =
                    new Incoming(id, request, match, edge.addresses().of(request));
            attempt(incoming, 1).onComplete(done -> {
                incoming.release(edge.bodies());
                if (done.succeeded()) {
                    send(incoming, done.result());
                } else {
                    incoming.charge().tell(request.response().headers());
                    ErrorExit.end(request, id.toString(), limits.judged(incoming.address(), done.cause()));
                }
            });
        } catch (RouteTree.WrongMethod wrong) {
            request.response().putHeader(HttpHeaders.ALLOW, wrong.allow());
            ErrorExit.end(request, id.toString(), Refusal.of(ErrorCode.METHOD_NOT_ALLOWED));
        } catch (RuntimeException failure) {
            ErrorExit.end(request, id.toString(), failure);
        }
    }

    /** Decides and works, again from the start when the authority moved on the way. */
    private Future<Answer> attempt(Incoming incoming, int attempt) {
        return guarded(() -> authenticator.caller(incoming))
                .recover(failure -> RecordedRefusal.told(edge.gate(), failure))
                .compose(caller -> guarded(() -> work(incoming, caller))
                        .recover(failure -> unlessRecorded(incoming, caller, failure))
                        .recover(failure -> {
                            if (!(failure instanceof Moved)) {
                                return Future.failedFuture(failure);
                            }
                            if (attempt >= MOST_ATTEMPTS) {
                                return Future.failedFuture(Refusal.of(ErrorCode.UNSETTLED));
                            }
                            return authority
                                    .refresh(caller.decision().org())
                                    .compose(fresh -> attempt(incoming, attempt + 1));
                        }));
    }

    private Future<Answer> work(Incoming incoming, Caller caller) {
        return incoming.charge(limits, caller.decision())
                .compose(paid -> {
                    Authenticator.admit(caller, incoming);
                    return incoming.body(edge.bodies());
                })
                .compose(body -> {
                    Fields fields = Fields.parse(body.getBytes());
                    Call call = new Call(incoming, caller, fields, stepUps);
                    Future<Answer> answer = switch (incoming.endpoint().work()) {
                        case Endpoint.Read read -> read.work().answer(call).compose(found -> recorded(call, found));
                        case Endpoint.Write write -> changes.run(incoming.endpoint(), write, call, body);
                        case Endpoint.Own own ->
                            Objects.requireNonNull(own.aside())
                                    .work()
                                    .answer(call)
                                    .compose(found -> recorded(call, found));
                    };
                    return answer.onComplete(done -> fields.close());
                });
    }

    /** Holds a read's answer until its records are durable and the authority behind it has been found good. */
    private Future<Answer> recorded(Call call, Answer answer) {
        List<Future<Verdict>> verdicts = new ArrayList<>();
        verdicts.add(verdict(call.record().unchanged(answer.status() == UNCHANGED)));
        call.furtherRecords().forEach(record -> verdicts.add(verdict(record)));
        return Future.all(verdicts).compose(all -> {
            for (Future<Verdict> verdict : verdicts) {
                switch (verdict.result()) {
                    case GOOD, BEHIND -> {}
                    case EXPIRED -> throw Refusal.of(ErrorCode.TOKEN_EXPIRED);
                    case AUTHORITY_MOVED, ENVIRONMENT_MOVED, LATE -> throw new Moved();
                }
            }
            if (tombstones.covers(call.decision())) {
                throw new Moved();
            }
            return Future.succeededFuture(answer);
        });
    }

    /** Records a refusal before it is answered; one that rests on authority which has moved is decided again. */
    private Future<Answer> unlessRecorded(Incoming incoming, Caller caller, Throwable failure) {
        boolean broken = failure instanceof SealBroken;
        if (broken) {
            ErrorExit.alarm(incoming.id(), "sealed value refused");
        }
        Refusal refusal = broken ? Refusal.of(ErrorCode.SEALED_VALUE_REFUSED) : refusal(failure);
        if (refusal == null) {
            return Future.failedFuture(failure);
        }
        AuditRecord record = new AuditRecord(incoming.id(), incoming.endpoint().action())
                .decidedBy(caller.decision(), caller.epoch())
                .from(caller.address())
                .outcome(broken ? AuditOutcome.ALARM : AuditOutcome.REFUSED)
                .detail("code", refusal.code().name());
        return verdict(record)
                .compose(verdict -> Future.failedFuture(verdict == Verdict.AUTHORITY_MOVED ? new Moved() : refusal));
    }

    private static @Nullable Refusal refusal(Throwable failure) {
        return failure instanceof Refusal refused && refused.code().status() < 500 ? refused : null;
    }

    private static <T> Future<T> guarded(Supplier<Future<T>> step) {
        try {
            return step.get();
        } catch (RuntimeException failure) {
            return Future.failedFuture(failure);
        }
    }

    private Future<Verdict> verdict(AuditRecord record) {
        Promise<Verdict> promise = Promise.promise();
        edge.gate().submit(record, Settlement.of(promise));
        return promise.future();
    }

    private static void send(Incoming incoming, Answer answer) {
        HttpServerResponse response = incoming.request().response();
        if (response.ended() || response.closed() || ReleaseWindow.turnsAway(incoming.request())) {
            return;
        }
        if (answer.status() != UNCHANGED) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        }
        response.setStatusCode(answer.status())
                .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .putHeader(REQUEST_ID, incoming.id().toString());
        if (answer.etag() != null) {
            response.putHeader(HttpHeaders.ETAG, answer.etag());
        }
        if (answer.nextCursor() != null) {
            response.putHeader(NEXT_CURSOR, answer.nextCursor());
        }
        incoming.charge().tell(response.headers());
        if (answer.taken() != null) {
            answer.taken().accept(incoming.request());
            return;
        }
        response.end(answer.toBuffer()).onFailure(gone -> ErrorExit.clientGone());
    }
}
