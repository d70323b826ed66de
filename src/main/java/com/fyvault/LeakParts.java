package com.fyvault;

import com.fyvault.federation.HttpKeyFetch;
import com.fyvault.federation.Outward;
import com.fyvault.handles.PostgresHandleStore;
import com.fyvault.leaks.LeakRoutes;
import com.fyvault.leaks.PostgresLeakReports;
import com.fyvault.leaks.PostgresLeakStore;
import com.fyvault.notices.NoticeStore;
import com.fyvault.people.EndFound;
import com.fyvault.tokens.Withdrawals;
import java.util.List;

/** Reports of keys that were found in public. */
final class LeakParts {
    private LeakParts() {}

    static LeakRoutes.Shared shared(Core core, NoticeStore notices, EndFound people, Withdrawals withdrawals) {
        // Whoever runs the installation names the address, but a name may be made to answer with any.
        Outward outward = new Outward(List.of(), core.settings.rootKey().isDevelopment());
        LeakRoutes.Shared.Parts parts = new LeakRoutes.Shared.Parts(
                core.database,
                new PostgresLeakStore(core.database, core.seals),
                new PostgresLeakReports(core.database),
                new PostgresHandleStore(core.database, core.seals),
                people,
                core.audit,
                notices,
                withdrawals,
                core.valuePrints,
                core.ids,
                core.limits);
        return new LeakRoutes.Shared(
                core.vertx, core.settings.leaks(), new HttpKeyFetch(core.vertx, outward), core.workers, parts);
    }
}
