package com.fyvault.events;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Scope;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The stream of an organization's events. Opening it is recorded; what is sent on it holds no value. */
public final class EventRoutes {
    private static final int LONGEST = 64;
    private static final Duration KEPT = Duration.ofDays(EventStore.KEPT_DAYS);

    private final Streams streams;
    private final Clock clock;

    public EventRoutes(Streams streams, Clock clock) {
        this.streams = streams;
        this.clock = clock;
    }

    public void mount(Routes routes) {
        // Whoever reads a secret may know that it has changed; who did what else is the trail's.
        routes.get("/orgs/{org}/events", "streamEvents", AuditAction.EVENT_STREAM)
                .needs(Scope.AUDIT_READ, Scope.SECRETS_READ)
                .reads(this::open);
    }

    private Future<Answer> open(Call call) {
        refuse(streams.full(call.decision()));
        EventFilter filter = EventFilter.of(call);
        @Nullable Position after = after(call);
        boolean follow = follow(call);
        Viewer viewer = streams.viewer(call.caller());
        Future<Position> begins = after != null ? Future.succeededFuture(after) : next(call.orgId());
        return begins.map(place -> Answer.taken(request -> {
            @Nullable ErrorCode full = streams.take(call.decision());
            if (full != null) {
                ErrorExit.end(request, call.record().eventId().toString(), Refusal.of(full));
                return;
            }
            new EventStream(streams, new EventStream.Asked(viewer, filter, place, follow), request).begin();
        }));
    }

    private static void refuse(@Nullable ErrorCode full) {
        if (full != null) {
            throw Refusal.of(full);
        }
    }

    /** Where what nobody has been told yet begins; the feed answers on any event loop, and this goes on on its own. */
    private Future<Position> next(UUID orgId) {
        Promise<Position> here = ((ContextInternal) streams.vertx().getOrCreateContext()).promise();
        Runnable nothing = () -> {};
        streams.feeds().join(orgId, nothing).next().onComplete(known -> {
            streams.feeds().leave(orgId, nothing);
            here.handle(known);
        });
        return here.future();
    }

    /** False for somebody who wants what there is, and no more. */
    private static boolean follow(Call call) {
        @Nullable String text = call.query("follow", LONGEST);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw Fields.invalid("follow", "is neither true nor false");
        }
        return !"false".equals(text);
    }

    /** Where the client was: what a browser sends by itself, or a parameter. */
    private @Nullable Position after(Call call) {
        @Nullable String sent = call.header("last-event-id");
        String name = sent == null ? "after" : "Last-Event-ID";
        @Nullable String text = sent == null ? call.query("after", LONGEST) : sent;
        if (text == null || text.isEmpty()) {
            return null;
        }
        @Nullable Position position = Position.parse(text);
        if (position == null) {
            throw Fields.invalid(name, "is not one that was given out");
        }
        if (position.at().isBefore(clock.instant().minus(KEPT))) {
            throw Refusal.of(ErrorCode.EVENTS_GONE);
        }
        return position;
    }
}
