package com.fyvault.members;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Decision;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who belongs to the organization, and what whoever asks may do in it. */
final class ListMembers {
    private static final int MOST = 1_000;

    private final MemberStore store;

    ListMembers(MemberStore store) {
        this.store = store;
    }

    Future<Answer> list(Call call) {
        int limit = call.limit(MOST);
        return store.list(call.orgId(), call.cursor(), limit).map(members -> {
            call.record().detail("count", members.size());
            JsonArray items = new JsonArray(members.stream().map(Member::toJson).toList());
            boolean more = members.size() == limit;
            return Answer.ok(items)
                    .withNextCursor(
                            more
                                    ? members.get(members.size() - 1)
                                            .membership()
                                            .userId()
                                            .toString()
                                    : null);
        });
    }

    Future<Answer> view(Call call) {
        return store.find(call.orgId(), call.id("user", ErrorCode.MEMBER_NOT_FOUND))
                .map(found -> Answer.ok(present(found).toJson()));
    }

    /** What the token of this request may do, and whose it is. */
    Future<Answer> me(Call call) {
        Decision decision = call.decision();
        @Nullable UUID userId = decision.credential().ownerUserId();
        @Nullable UUID teamId = decision.credential().ownerTeamId();
        @Nullable Set<UUID> projects = decision.projects();
        JsonObject me = new JsonObject()
                .put("kind", decision.kind().name().toLowerCase(Locale.ROOT))
                .put("tokenId", decision.credentialId().toString())
                .put("teamId", teamId == null ? null : teamId.toString())
                .put("effectiveRole", decision.role().text())
                .put("scopes", new JsonArray(decision.scopes().names()))
                .put(
                        "reachableProjects",
                        projects == null
                                ? null
                                : new JsonArray(projects.stream()
                                        .map(UUID::toString)
                                        .sorted()
                                        .toList()))
                .put("policy", PolicyView.of(decision.policy()));
        return userId == null
                ? Future.succeededFuture(Answer.ok(me.putNull("member")))
                : store.find(call.orgId(), userId)
                        .map(found -> Answer.ok(me.put("member", found == null ? null : found.toJson())));
    }

    /** The member; who is not there is absent. */
    static Member present(@Nullable Member found) {
        if (found == null) {
            throw Refusal.of(ErrorCode.MEMBER_NOT_FOUND);
        }
        return found;
    }
}
