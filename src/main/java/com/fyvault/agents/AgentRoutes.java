package com.fyvault.agents;

import static com.fyvault.tokens.Scope.ORG_ADMIN;
import static com.fyvault.tokens.Scope.TOKENS_WRITE;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;

/** Credentials of agents. */
public final class AgentRoutes {
    private static final String AGENTS = "/orgs/{org}/agent-credentials";

    private final CreateAgent create;
    private final ListAgents list;
    private final AgentStore store;
    private final ChildTokens tokens;

    public AgentRoutes(AgentStore store, ChildTokens tokens, int mostAgents) {
        this.create = new CreateAgent(store, tokens, mostAgents);
        this.list = new ListAgents(store, tokens);
        this.store = store;
        this.tokens = tokens;
    }

    public void mount(Routes routes) {
        routes.get(AGENTS, "listAgentCredentials", AuditAction.AGENT_LIST)
                .needs(TOKENS_WRITE, ORG_ADMIN)
                .reads(list::list);
        // Under the organization's row for writing: it is what makes the limit exact.
        routes.post(AGENTS, "createAgentCredential", AuditAction.AGENT_CREATE)
                .needs(TOKENS_WRITE)
                .changesAuthority(create::create);
        routes.delete(AGENTS + "/{token}", "revokeAgentCredential", AuditAction.AGENT_REVOKE)
                .needs(TOKENS_WRITE)
                .changesAuthority(this::revoke);
    }

    private Future<Answer> revoke(Call call, Transaction transaction) {
        return tokens.end(call, transaction, call.id("token", ErrorCode.CREDENTIAL_NOT_FOUND), TokenKind.AGENT)
                .compose(ended -> store.find(transaction, call.orgId(), ended.id())
                        .map(agent -> Answer.ok(AgentView.of(ended, agent, false))));
    }
}
