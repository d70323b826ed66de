package com.fyvault.notices;

import static com.fyvault.tokens.Scope.ORG_ADMIN;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Notices, whether they could be sent or not. */
public final class NoticeRoutes {
    private final NoticeStore store;

    public NoticeRoutes(NoticeStore store) {
        this.store = store;
    }

    public void mount(Routes routes) {
        routes.get("/orgs/{org}/notices", "listNotices", AuditAction.NOTICE_LIST)
                .needs(ORG_ADMIN)
                .reads(this::list);
    }

    private Future<Answer> list(Call call) {
        return store.list(call.orgId()).map(kept -> {
            JsonArray items = new JsonArray();
            kept.forEach(one -> items.add(shown(one)));
            call.record().detail("count", items.size());
            return Answer.ok(items);
        });
    }

    private static JsonObject shown(NoticeStore.Kept kept) {
        return new JsonObject()
                .put("id", kept.notice().id().toString())
                .put("kind", kept.notice().kind())
                .put("recipients", new JsonArray(kept.notice().recipients()))
                .put("payload", kept.notice().payload())
                .put("createdAt", kept.notice().createdAt().toString())
                .mergeIn(tries(kept.mail()))
                .put("webhook", tries(kept.webhook()));
    }

    private static JsonObject tries(NoticeStore.Tries tries) {
        return new JsonObject()
                .put("sentAt", tries.sentAt() == null ? null : tries.sentAt().toString())
                .put("attempts", tries.attempts())
                .put("failure", tries.failure());
    }
}
