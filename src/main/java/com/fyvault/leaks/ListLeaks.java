package com.fyvault.leaks;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.environments.Names;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was found in public, for whoever may read the trail. A token that is confined sees what is of its part. */
final class ListLeaks {
    private static final int LONGEST = 64;

    private final FoundLeakStore store;

    ListLeaks(FoundLeakStore store) {
        this.store = store;
    }

    Future<Answer> list(Call call) {
        FoundLeakStore.Page page = new FoundLeakStore.Page(
                open(call.query("state", LONGEST)), call.cursor(), call.limit(FoundLeakStore.MOST_LISTED));
        return store.list(call.orgId(), page).map(listed -> {
            JsonArray items = new JsonArray();
            listed.leaks().stream()
                    .filter(leak -> isSeen(call.decision(), leak))
                    .forEach(leak -> items.add(leak.toJson(false)));
            call.record().detail("count", items.size());
            @Nullable UUID next = listed.next();
            return Answer.ok(items).withNextCursor(next == null ? null : next.toString());
        });
    }

    /** With the names of those that were told, for those who run the organization. */
    Future<Answer> view(Call call) {
        return store.find(call.orgId(), named(call)).map(found -> {
            boolean naming =
                    !call.decision().isConfined() && call.decision().scopes().has(Scope.ORG_ADMIN);
            return Answer.ok(seen(call, found).toJson(naming));
        });
    }

    static UUID named(Call call) {
        return call.id("leak", ErrorCode.LEAK_NOT_FOUND);
    }

    /** The leak, when the call sees it; else it is absent. */
    static FoundLeak seen(Call call, @Nullable FoundLeak found) {
        if (found == null || !isSeen(call.decision(), found)) {
            throw Refusal.of(ErrorCode.LEAK_NOT_FOUND);
        }
        call.record().detail("leak_id", found.id().toString());
        return found;
    }

    private static @Nullable Boolean open(@Nullable String state) {
        if (state == null) {
            return null;
        }
        return switch (state) {
            case "open" -> true;
            case "closed" -> false;
            default -> throw Fields.invalid("state", "is open or closed");
        };
    }

    private static boolean isSeen(Decision decision, FoundLeak leak) {
        if (!decision.isConfined()) {
            return true;
        }
        FoundLeak.@Nullable Value value = leak.value();
        if (value != null) {
            return isSeen(decision, value);
        }
        Credential caller = decision.credential();
        return leak.thing() instanceof FoundLeak.Token token
                && caller.kind() == TokenKind.LOGIN
                && caller.ownerUserId() != null
                && caller.ownerUserId().equals(token.ownerId());
    }

    private static boolean isSeen(Decision decision, FoundLeak.Value value) {
        return value.projectId() != null
                && value.secret() != null
                && decision.allowsProject(value.projectId())
                && decision.allows(Scope.AUDIT_READ, value.projectId())
                && decision.allowsEnvironment(value.environmentId())
                && (decision.allowsProduction() || !value.production())
                && decision.allowsSecret(value.secretId(), Names.key(value.secret()));
    }
}
