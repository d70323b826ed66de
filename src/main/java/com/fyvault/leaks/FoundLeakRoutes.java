package com.fyvault.leaks;

import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.tokens.Scope;

/** What was found in public, for the organization that it is of. */
public final class FoundLeakRoutes {
    private static final String LEAKS = "/orgs/{org}/leaks";

    private final ListLeaks list;
    private final ResolveLeak resolve;

    public FoundLeakRoutes(PostgresFoundLeakStore store) {
        this.list = new ListLeaks(store);
        this.resolve = new ResolveLeak(store);
    }

    public void mount(Routes routes) {
        routes.get(LEAKS, "listLeaks", AuditAction.LEAK_VIEW)
                .needs(Scope.AUDIT_READ)
                .reads(list::list);
        routes.get(LEAKS + "/{leak}", "getLeak", AuditAction.LEAK_VIEW)
                .needs(Scope.AUDIT_READ)
                .reads(list::view);
        routes.post(LEAKS + "/{leak}/resolve", "resolveLeak", AuditAction.LEAK_RESOLVE)
                .needs(Scope.ORG_ADMIN)
                .writes(resolve::resolve);
    }
}
