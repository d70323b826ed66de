package com.fyvault.trail;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Scope;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What has happened in an organization, for people: changes and alarms, out of the audit trail. Reads, lists and what programs
 * do all day are left out. A page looks at so many records of the trail, whatever it finds, and says where it goes on.
 */
public final class ReadActivity {
    private static final Set<AuditAction> EVERYDAY = EnumSet.of(
            AuditAction.SECRET_READ,
            AuditAction.SECRET_READ_BULK,
            AuditAction.SECRET_LIST,
            AuditAction.SECRET_VIEW,
            AuditAction.SECRET_VERSIONS,
            AuditAction.SECRET_TRAIL,
            AuditAction.ENVIRONMENT_LIST,
            AuditAction.ENVIRONMENT_VIEW,
            AuditAction.PROJECT_LIST,
            AuditAction.PROJECT_VIEW,
            AuditAction.KEY_LIST,
            AuditAction.KEY_VIEW,
            AuditAction.SESSION_MINT,
            AuditAction.SESSION_REVOKE,
            AuditAction.SESSION_LIST,
            AuditAction.SESSION_PURGE,
            AuditAction.AGENT_LIST,
            AuditAction.BREAKGLASS_LIST,
            AuditAction.NOTICE_LIST,
            AuditAction.HANDLE_MINT,
            AuditAction.HANDLE_REVOKE,
            AuditAction.TEXT_SCAN,
            AuditAction.LEAK_SIGHTINGS,
            AuditAction.RULE_LIST,
            AuditAction.RULE_VIEW,
            AuditAction.IDENTITY_EXCHANGE,
            AuditAction.PROVIDER_LIST,
            AuditAction.PROVIDER_VIEW,
            AuditAction.DEVICE_LIST,
            AuditAction.DEVICE_VIEW,
            AuditAction.ORG_VIEW,
            AuditAction.AUDIT_READ,
            AuditAction.MEMBER_LIST,
            AuditAction.MEMBER_VIEW,
            AuditAction.INVITATION_LIST,
            AuditAction.TEAM_LIST,
            AuditAction.TEAM_VIEW,
            AuditAction.POLICY_VIEW,
            AuditAction.ACTIVITY_VIEW,
            AuditAction.OVERVIEW_VIEW,
            AuditAction.REQUEST);
    private static final Set<String> TOLD = EnumSet.complementOf(EnumSet.copyOf(EVERYDAY)).stream()
            .map(AuditAction::text)
            .collect(Collectors.toUnmodifiableSet());

    private static final int USUAL = 50;
    private static final int MOST = 200;
    private static final int LONGEST = 128;
    /** As much as is looked through at once: the event loop is for others in between. */
    private static final int WALK = 250;

    private static final int MOST_WALKS = 20;

    private final TrailStore store;
    private final int mostReads;
    private final AtomicInteger reads = new AtomicInteger();

    /** @param mostReads reads at once on this node: they share the pool with everything else */
    public ReadActivity(TrailStore store, int mostReads) {
        this.store = store;
        this.mostReads = mostReads;
    }

    public void mount(Routes routes) {
        routes.get("/orgs/{org}/activity", "listActivity", AuditAction.ACTIVITY_VIEW)
                .needs(Scope.AUDIT_READ)
                .reads(this::read);
    }

    /** What was found so far, and where the next walk begins. */
    private record Walked(JsonArray told, @Nullable Cursor next, int walks) {}

    private Future<Answer> read(Call call) {
        int limit = call.query("limit", LONGEST) == null ? USUAL : call.limit(MOST);
        @Nullable String text = call.query("cursor", LONGEST);
        @Nullable Cursor after = text == null ? null : Cursor.parse(text);
        if (text != null && after == null) {
            throw Fields.invalid("cursor", "is not one that was given out");
        }
        if (reads.incrementAndGet() > mostReads) {
            reads.decrementAndGet();
            return Future.failedFuture(Refusal.of(ErrorCode.OVERLOADED));
        }
        return walk(call, limit, new Walked(new JsonArray(), after, 0))
                .onComplete(done -> reads.decrementAndGet())
                .map(walked -> {
                    call.record().detail("count", walked.told().size());
                    @Nullable Cursor next = walked.next();
                    return Answer.ok(walked.told()).withNextCursor(next == null ? null : next.text());
                });
    }

    private Future<Walked> walk(Call call, int limit, Walked before) {
        Decision decision = call.decision();
        TrailStore.Page page = new TrailStore.Page(
                call.orgId(),
                new TrailStore.Sight(decision.projects(), decision.environments(), decision.secretPatterns()),
                new TrailStore.Filter(null, null, null, null, null, null, null, null, null),
                before.next(),
                WALK);
        return store.find(page).compose(found -> {
            JsonArray told = before.told();
            for (TrailStore.Event event : found.events()) {
                if (isTold(event.shown())) {
                    told.add(event.shown());
                }
                if (told.size() == limit) {
                    return Future.succeededFuture(new Walked(told, event.place(), before.walks()));
                }
            }
            Walked now = new Walked(told, found.next(), before.walks() + 1);
            return now.next() == null || now.walks() == MOST_WALKS
                    ? Future.succeededFuture(now)
                    : walk(call, limit, now);
        });
    }

    private static boolean isTold(JsonObject event) {
        String outcome = event.getString("outcome");
        return AuditOutcome.ALARM.text().equals(outcome)
                || (AuditOutcome.DONE.text().equals(outcome) && TOLD.contains(event.getString("action")));
    }
}
