package com.fyvault.orgs;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;

/** The organization itself. */
public final class OrgRoutes {
    private final OrgStore store;

    public OrgRoutes(OrgStore store) {
        this.store = store;
    }

    public void mount(Routes routes) {
        // All that a public key is for: it says of which organization it is.
        routes.get("/orgs/{org}", "getOrg", AuditAction.ORG_VIEW)
                .alsoFor(TokenKind.PUBLIC_KEY)
                .reads(this::view);
    }

    private Future<Answer> view(Call call) {
        return store.find(call.orgId()).map(org -> {
            if (org == null) {
                throw Refusal.of(ErrorCode.ORG_NOT_FOUND);
            }
            return Answer.ok(org.toJson());
        });
    }
}
