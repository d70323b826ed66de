package com.fyvault.breakglass;

import static com.fyvault.tokens.Scope.ORG_ADMIN;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.KeyStore;
import com.fyvault.crypto.Uuid7;
import com.fyvault.notices.NoticeStore;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Break-glass tokens: opening one, who has opened any, and ending one before its time. */
public final class BreakGlassRoutes {
    private static final String ALL = "/orgs/{org}/break-glass";

    private final BreakGlassStore store;
    private final ChildTokens tokens;
    private final OpenBreakGlass open;

    public BreakGlassRoutes(BreakGlassStore store, NoticeStore notices, ChildTokens tokens, Uuid7 ids, int mostAtOnce) {
        this.store = store;
        this.tokens = tokens;
        this.open = new OpenBreakGlass(store, notices, tokens, ids, mostAtOnce);
    }

    public void mount(Routes routes) {
        routes.get(ALL, "listBreakGlass", AuditAction.BREAKGLASS_LIST)
                .needs(ORG_ADMIN)
                .reads(this::list);
        routes.post(ALL, "openBreakGlass", AuditAction.BREAKGLASS_OPEN)
                .needs(ORG_ADMIN)
                .changesAuthority(open::open);
        routes.delete(ALL + "/{token}", "revokeBreakGlass", AuditAction.BREAKGLASS_REVOKE)
                .needs(ORG_ADMIN)
                .changesAuthority(this::revoke);
    }

    /** All that there ever were, newest first: this is read when something has happened. */
    private Future<Answer> list(Call call) {
        return tokens.history(call, TokenKind.BREAK_GLASS).compose(page -> {
            List<UUID> ids = page.standings().stream()
                    .map(standing -> standing.credential().id())
                    .toList();
            return store.find(call.orgId(), ids).map(opened -> {
                JsonArray items = new JsonArray();
                for (KeyStore.Standing standing : page.standings()) {
                    items.add(shown(standing, opened.get(standing.credential().id())));
                }
                call.record().detail("count", items.size());
                return Answer.ok(items).withNextCursor(page.nextCursor());
            });
        });
    }

    /** Whoever administers may end one: nothing is gained by it. */
    private Future<Answer> revoke(Call call, Transaction transaction) {
        UUID id = call.id("token", ErrorCode.CREDENTIAL_NOT_FOUND);
        return tokens.endSeen(call, transaction, id, TokenKind.BREAK_GLASS)
                .map(ended -> Answer.ok(new JsonObject()
                        .put("sessionId", ended.id().toString())
                        .put("revokedAt", String.valueOf(ended.revokedAt()))
                        .put("isActive", false)));
    }

    private static JsonObject shown(KeyStore.Standing standing, @Nullable BreakGlass opened) {
        Credential c = standing.credential();
        return standing.flag(new JsonObject())
                .put("sessionId", c.id().toString())
                .put("id", c.id().toString())
                .put("openedBy", opened == null ? null : opened.email())
                .put("userId", opened == null ? null : opened.userId().toString())
                .put("createdBy", c.createdBy())
                .put("reason", opened == null ? null : opened.reason())
                .put(
                        "environmentIds",
                        new JsonArray(c.reach().environmentIds().stream()
                                .map(UUID::toString)
                                .toList()))
                .put("openedAt", c.createdAt().toString())
                .put("autoRevokeAt", Objects.requireNonNull(c.expiresAt()).toString())
                .put(
                        "lastUsedAt",
                        c.lastUsedAt() == null ? null : c.lastUsedAt().toString())
                .put("revokedAt", c.revokedAt() == null ? null : c.revokedAt().toString())
                .put("isActive", standing.active());
    }
}
