package com.fyvault.federation;

import static com.fyvault.tokens.Scope.ORG_ADMIN;
import static com.fyvault.tokens.Scope.TOKENS_WRITE;

import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.credentials.Giving;
import com.fyvault.credentials.KeyStore;
import com.fyvault.crypto.Uuid7;
import com.fyvault.tokens.Withdrawals;
import java.security.SecureRandom;

/** The rules that say whose identity tokens are exchanged. */
public final class TrustRuleRoutes {
    private static final String RULES = "/orgs/{org}/trust-rules";
    private static final String RULE = RULES + "/{rule}";

    private final EditTrustRule edit;
    private final ListTrustRules list;

    /** What the routes work with. */
    public record Parts(
            KeyStore keys, PostgresTrustRuleStore rules, Giving giving, Withdrawals withdrawals, Outward outward) {}

    /** @param mostRules rules that an organization may have */
    public TrustRuleRoutes(Parts parts, int mostRules, Uuid7 ids, SecureRandom random) {
        this.edit = new EditTrustRule(
                new EditTrustRule.Stores(parts.keys(), parts.rules()),
                parts.giving(),
                parts.withdrawals(),
                new EditTrustRule.Drawing(ids, random),
                new EditTrustRule.Bounds(mostRules, parts.outward()));
        this.list = new ListTrustRules(parts.rules());
    }

    public void mount(Routes routes) {
        routes.get(RULES, "listTrustRules", AuditAction.RULE_LIST)
                .needs(TOKENS_WRITE, ORG_ADMIN)
                .reads(list::list);
        routes.get(RULE, "getTrustRule", AuditAction.RULE_VIEW)
                .needs(TOKENS_WRITE, ORG_ADMIN)
                .reads(list::view);
        routes.post(RULES, "createTrustRule", AuditAction.RULE_CREATE)
                .needs(TOKENS_WRITE)
                .changesAuthority(edit::create);
        routes.patch(RULE, "updateTrustRule", AuditAction.RULE_UPDATE)
                .needs(TOKENS_WRITE)
                .changesAuthority(edit::edit);
        routes.delete(RULE, "revokeTrustRule", AuditAction.RULE_REVOKE)
                .needs(TOKENS_WRITE)
                .changesAuthority(edit::revoke);
    }
}
