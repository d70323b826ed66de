package com.fyvault.credentials;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

/** Tokens without their text: lists, newest first, and one by id. A list that goes on says where in X-Next-Cursor. */
final class ListKeys {
    private static final int MOST = 1_000;
    private static final int LONGEST = 64;

    private final KeyStore store;

    ListKeys(KeyStore store) {
        this.store = store;
    }

    Future<Answer> keys(Call call) {
        KeyStore.Page page = page(call);
        Credential caller = call.decision().credential();
        boolean own = page.below() != null && caller.kind() == TokenKind.LOGIN;
        Future<List<KeyStore.Standing>> keys =
                own ? store.owned(ownerOf(call, caller), page.after(), page.limit()) : store.keys(page);
        return keys.map(found -> listed(call, page, found));
    }

    /** The keys of the team in the path that can be used, at most 1,000. */
    Future<Answer> ofTeam(Call call) {
        UUID team = call.id("team", ErrorCode.TEAM_NOT_FOUND);
        return store.owned(OwnedKeys.Owner.team(call.orgId(), team), null, MOST).map(found -> {
            JsonArray seen = new JsonArray(found.stream()
                    .filter(key -> KeyAccess.isSeen(call, key))
                    .map(key -> KeyView.of(key))
                    .toList());
            call.record().detail("count", seen.size());
            return Answer.ok(seen);
        });
    }

    private static OwnedKeys.Owner ownerOf(Call call, Credential caller) {
        return OwnedKeys.Owner.person(call.orgId(), Objects.requireNonNull(caller.ownerUserId()));
    }

    Future<Answer> view(Call call) {
        UUID id = call.id("token", ErrorCode.CREDENTIAL_NOT_FOUND);
        return store.find(call.orgId(), id, KeyAccess.KEYS).map(found -> {
            KeyStore.Standing standing = KeyAccess.seen(call, found);
            return Answer.ok(KeyView.of(standing));
        });
    }

    /** Live sessions: of an API key its own, and those of the keys below it. */
    Future<Answer> sessions(Call call) {
        KeyStore.Page page = page(call);
        boolean itself = page.below() != null && call.decision().kind() == TokenKind.SESSION;
        Future<List<KeyStore.Standing>> sessions = itself
                ? store.find(call.orgId(), call.decision().credentialId(), KeyAccess.SESSIONS)
                        .map(found -> found == null ? List.of() : List.of(found))
                : store.sessions(page);
        return sessions.map(found -> listed(call, page, found));
    }

    private static Answer listed(Call call, KeyStore.Page page, List<KeyStore.Standing> found) {
        Function<KeyStore.Standing, JsonObject> shown = standing ->
                standing.credential().kind() == TokenKind.SESSION ? KeyView.session(standing) : KeyView.of(standing);
        JsonArray items = new JsonArray(found.stream().map(shown).toList());
        call.record().detail("count", items.size());
        boolean more = found.size() == page.limit();
        return Answer.ok(items)
                .withNextCursor(
                        more ? found.get(found.size() - 1).credential().id().toString() : null);
    }

    static KeyStore.Page page(Call call) {
        return page(call, TokenKind.API_KEY);
    }

    static KeyStore.Page page(Call call, TokenKind kind) {
        boolean revoked = "true".equals(call.query("revoked", LONGEST));
        return new KeyStore.Page(call.orgId(), KeyAccess.below(call, kind), call.cursor(), call.limit(MOST), revoked);
    }
}
