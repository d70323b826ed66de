package com.fyvault.trail;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Scope;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The life of one secret out of the audit trail: issued, rotated, accessed, revoked, newest first. A page walks over so
 * many records, whatever it finds, and says where it goes on.
 */
public final class ReadSecretTrail {
    private static final String ROTATED = "rotated";
    private static final Map<String, String> EVENTS = Map.ofEntries(
                    Map.entry(AuditAction.SECRET_CREATE, "issued"),
                    Map.entry(AuditAction.PROVIDER_PUSH, ROTATED),
                    Map.entry(AuditAction.SECRET_UPDATE, ROTATED),
                    Map.entry(AuditAction.SECRET_ROTATE, ROTATED),
                    Map.entry(AuditAction.SECRET_ROLLBACK, ROTATED),
                    Map.entry(AuditAction.PROVIDER_ROTATE, ROTATED),
                    Map.entry(AuditAction.SECRET_READ, "accessed"),
                    Map.entry(AuditAction.SECRET_READ_BULK, "accessed"),
                    Map.entry(AuditAction.SECRET_DELETE, "revoked"),
                    Map.entry(AuditAction.PROVIDER_WITHDRAW, "revoked"),
                    Map.entry(AuditAction.SECRET_UNDELETE, "restored"))
            .entrySet()
            .stream()
            .collect(Collectors.toUnmodifiableMap(entry -> entry.getKey().text(), Map.Entry::getValue));

    private final TrailStore store;
    private final int mostReads;
    private final AtomicInteger reads = new AtomicInteger();

    /** @param mostReads reads at once on this node: they share the pool with everything else */
    public ReadSecretTrail(TrailStore store, int mostReads) {
        this.store = store;
        this.mostReads = mostReads;
    }

    public void mount(Routes routes) {
        routes.get("/orgs/{org}/secrets/{secret}/trail", "readSecretTrail", AuditAction.SECRET_TRAIL)
                .needs(Scope.AUDIT_READ)
                .reads(this::read);
    }

    private Future<Answer> read(Call call) {
        UUID id = call.id("secret", ErrorCode.SECRET_NOT_FOUND);
        TrailStore.Page page = TrailQuery.ofSecret(call, id);
        if (reads.incrementAndGet() > mostReads) {
            reads.decrementAndGet();
            return Future.failedFuture(Refusal.of(ErrorCode.OVERLOADED));
        }
        return store.secret(call.orgId(), id)
                .compose(secret -> {
                    admit(call, id, secret);
                    return store.find(page);
                })
                .onComplete(done -> reads.decrementAndGet())
                .map(found -> answer(call, found));
    }

    /** One that was deleted has a trail; what is out of the token's reach is absent. */
    private static void admit(Call call, UUID id, TrailStore.@Nullable Known secret) {
        if (secret == null
                || !call.decision().allowsProject(secret.projectId())
                || !call.decision().allowsSecret(id, secret.nameKey())) {
            throw Refusal.of(ErrorCode.SECRET_NOT_FOUND);
        }
        call.admitTo(secret.projectId());
        call.record().secret(id, 0);
    }

    private static Answer answer(Call call, TrailStore.Found found) {
        JsonArray shown = new JsonArray();
        for (TrailStore.Event event : found.events()) {
            @Nullable String told = told(event.shown());
            if (told != null) {
                shown.add(event.shown().put("event", told));
            }
        }
        call.record().detail("count", shown.size());
        @Nullable Cursor next = found.next();
        return Answer.ok(shown).withNextCursor(next == null ? null : next.text());
    }

    /** A try that found its authority or value out of date released nothing and was made again: it is no event. */
    private static @Nullable String told(JsonObject event) {
        if (AuditOutcome.STALE.text().equals(event.getString("outcome"))) {
            return null;
        }
        String action = event.getString("action");
        @Nullable Long version = event.getLong("version");
        boolean first = AuditAction.PROVIDER_PUSH.text().equals(action) && version != null && version == 1;
        return first ? "issued" : EVENTS.get(action);
    }
}
