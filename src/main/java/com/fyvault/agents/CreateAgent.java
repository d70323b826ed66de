package com.fyvault.agents;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.Minting;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/**
 * Makes a credential for an agent, with an API key or with a session token. It is a child of the token
 * that asks, so what a session has made is over when the session is.
 */
final class CreateAgent {
    private static final Set<TokenKind> MAKERS = Set.of(TokenKind.API_KEY, TokenKind.TEST_KEY, TokenKind.SESSION);

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
        if (!MAKERS.contains(call.decision().kind())) {
            throw Refusal.of(
                    ErrorCode.PARENT_MUST_BE_API_KEY, "Only an API key or a session token can make an agent's token");
        }
        AgentRequest request = AgentRequest.parse(call.body());
        return store.room(transaction, call.orgId(), mostAgents).compose(room -> {
            if (room.taken() >= mostAgents) {
                throw Refusal.of(ErrorCode.LIMIT_REACHED, "An organization has at most " + mostAgents + " agents");
            }
            ChildTokens.Order order = new ChildTokens.Order(
                    TokenKind.AGENT,
                    request.name(),
                    request.key(),
                    room.now(),
                    request.until(room.now()),
                    request.limits());
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
