package com.fyvault.trail;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Scope;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The audit trail. Reading it is recorded in it. */
public final class TrailRoutes {
    private final TrailStore store;
    private final ReadSecretTrail ofSecret;
    private final int mostReads;
    private final AtomicInteger reads = new AtomicInteger();

    /** @param mostReads reads at once on this node: they share the pool with everything else */
    public TrailRoutes(TrailStore store, int mostReads) {
        this.store = store;
        this.ofSecret = new ReadSecretTrail(store, mostReads);
        this.mostReads = mostReads;
    }

    public void mount(Routes routes) {
        routes.get("/orgs/{org}/audit", "listAuditEvents", AuditAction.AUDIT_READ)
                .needs(Scope.AUDIT_READ)
                .reads(this::read);
        ofSecret.mount(routes);
    }

    /** The events as a bare list; where it goes on stands in X-Next-Cursor. */
    private Future<Answer> read(Call call) {
        TrailStore.Page page = TrailQuery.read(call);
        if (reads.incrementAndGet() > mostReads) {
            reads.decrementAndGet();
            return Future.failedFuture(Refusal.of(ErrorCode.OVERLOADED));
        }
        return store.find(page).onComplete(done -> reads.decrementAndGet()).map(found -> {
            call.record().detail("count", found.events().size());
            JsonArray shown = new JsonArray(
                    found.events().stream().map(TrailStore.Event::shown).toList());
            @Nullable Cursor next = found.next();
            return Answer.ok(shown).withNextCursor(next == null ? null : next.text());
        });
    }
}
