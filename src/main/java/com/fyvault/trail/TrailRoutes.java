package com.fyvault.trail;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.tokens.Scope;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.List;

/** The audit trail. Reading it is recorded in it. */
public final class TrailRoutes {
    private final TrailStore store;

    public TrailRoutes(TrailStore store) {
        this.store = store;
    }

    public void mount(Routes routes) {
        routes.get("/orgs/{org}/audit", "listAuditEvents", AuditAction.AUDIT_READ)
                .needs(Scope.AUDIT_READ)
                .reads(this::read);
    }

    /** The events as a bare list; where it goes on stands in X-Next-Cursor. */
    private Future<Answer> read(Call call) {
        TrailStore.Page page = TrailQuery.read(call);
        return store.find(page).map(events -> {
            call.record().detail("count", events.size());
            JsonArray shown =
                    new JsonArray(events.stream().map(TrailStore.Event::shown).toList());
            return Answer.ok(shown).withNextCursor(next(page, events));
        });
    }

    private static @org.jspecify.annotations.Nullable String next(TrailStore.Page page, List<TrailStore.Event> events) {
        return events.size() < page.limit()
                ? null
                : events.get(events.size() - 1).place().text();
    }
}
