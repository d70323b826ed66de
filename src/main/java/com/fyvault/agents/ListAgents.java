package com.fyvault.agents;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.List;

/** Agents that can be used, newest first. */
final class ListAgents {
    private final AgentStore store;
    private final ChildTokens tokens;

    ListAgents(AgentStore store, ChildTokens tokens) {
        this.store = store;
        this.tokens = tokens;
    }

    Future<Answer> list(Call call) {
        return tokens.list(call, TokenKind.AGENT)
                .compose(page -> store.find(
                                call.orgId(),
                                page.standings().stream()
                                        .map(standing -> standing.credential().id())
                                        .toList())
                        .map(agents -> {
                            List<?> items = page.standings().stream()
                                    .map(standing -> standing.flag(AgentView.of(
                                            standing.credential(),
                                            agents.get(standing.credential().id()),
                                            standing.active())))
                                    .toList();
                            call.record().detail("count", items.size());
                            return Answer.ok(new JsonArray(items)).withNextCursor(page.nextCursor());
                        }));
    }
}
