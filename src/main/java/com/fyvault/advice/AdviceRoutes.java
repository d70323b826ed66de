package com.fyvault.advice;

import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.tokens.Scope;

/** What an organization should look at, and whether it is mailed. */
public final class AdviceRoutes {
    private static final String DIGEST = "/orgs/{org}/digest";

    private final ListAdvice list;
    private final ChangeDigest digest;

    public AdviceRoutes(PostgresAdviceStore store, PostgresDigestStore digests) {
        this.list = new ListAdvice(store);
        this.digest = new ChangeDigest(digests);
    }

    public void mount(Routes routes) {
        routes.get("/orgs/{org}/advice", "listAdvice", AuditAction.ADVICE_VIEW)
                .needs(Scope.AUDIT_READ)
                .reads(list::list);
        routes.get(DIGEST, "getDigest", AuditAction.POLICY_VIEW)
                .needs(Scope.ORG_ADMIN)
                .reads(digest::view);
        routes.patch(DIGEST, "updateDigest", AuditAction.POLICY_UPDATE)
                .needs(Scope.ORG_ADMIN)
                .writes(digest::change);
    }
}
