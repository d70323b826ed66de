package com.fyvault;

import com.fyvault.credentials.Giving;
import com.fyvault.credentials.PostgresKeyStore;
import com.fyvault.credentials.PostgresReachStore;
import com.fyvault.federation.ExchangeRoutes;
import com.fyvault.federation.HttpKeyFetch;
import com.fyvault.federation.KeySets;
import com.fyvault.federation.Outward;
import com.fyvault.federation.PostgresTrustRuleStore;
import com.fyvault.federation.TrustRuleRoutes;
import com.fyvault.tokens.Withdrawals;

/** Identity tokens of others: the rules that trust them, and their exchange. */
final class FederationParts {
    private final Core core;
    private final PostgresKeyStore store;
    private final PostgresTrustRuleStore rules;
    private final Outward outward;

    FederationParts(Core core, PostgresKeyStore store) {
        this.core = core;
        this.store = store;
        this.rules = new PostgresTrustRuleStore(core.database, core.seals);
        this.outward = new Outward(
                core.settings.federation().privateRanges(),
                core.settings.rootKey().isDevelopment());
    }

    TrustRuleRoutes rules(Withdrawals withdrawals) {
        TrustRuleRoutes.Parts parts =
                new TrustRuleRoutes.Parts(store, rules, new Giving(new PostgresReachStore()), withdrawals, outward);
        return new TrustRuleRoutes(parts, core.settings.federation().rules(), core.ids, core.random);
    }

    ExchangeRoutes.Shared exchange() {
        ExchangeRoutes.Shared.Parts parts = new ExchangeRoutes.Shared.Parts(
                core.database,
                store,
                rules,
                core.audit,
                core.authority,
                KeySets.over(core.vertx, new HttpKeyFetch(core.vertx, outward)),
                core.workers);
        ExchangeRoutes.Shared.Most most = new ExchangeRoutes.Shared.Most(
                core.settings.federation().exchanges(),
                core.settings.credentials().sessions());
        return new ExchangeRoutes.Shared(parts, most, core.ids, core.random);
    }
}
