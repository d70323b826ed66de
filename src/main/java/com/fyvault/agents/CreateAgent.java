package com.fyvault.agents;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.Minting;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * Makes a credential for an agent, with an API key or with a session token. It is a child of the token
 * that asks, so what a session has made is over when the session is.
 */
final class CreateAgent {
    private final AgentStore store;
    private final ChildTokens tokens;
    private final int mostAgents;

    /** @param mostAgents live agents that an organization may have */
    CreateAgent(AgentStore store, ChildTokens tokens, int mostAgents) {
        this.store = store;
        this.tokens = tokens;
        this.mostAgents = mostAgents;
    }

    Future<Answer> create(Call call, Transaction transaction) {
        ChildTokens.checkMaker(call);
        AgentRequest request = AgentRequest.parse(call.body());
        return tokens.room(call, transaction, TokenKind.AGENT, mostAgents).compose(now -> {
            ChildTokens.Order order = new ChildTokens.Order(
                    TokenKind.AGENT, request.name(), request.key(), now, request.until(now), request.limits());
            return tokens.make(call, transaction, order).compose(made -> {
                Agent agent = new Agent(
                        call.orgId(),
                        made.credential().id(),
                        request.type(),
                        request.description(),
                        request.maxTtlSeconds());
                return store.add(transaction, agent).map(added -> answer(made, agent));
            });
        });
    }

    private static Answer answer(Minting.Made made, Agent agent) {
        JsonObject shown = AgentView.of(made.credential(), agent, true);
        return Answer.created(shown.copy().put("credential", made.token().exposeText()))
                .replayedAs(shown);
    }
}
