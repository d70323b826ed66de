package com.fyvault;

import com.fyvault.credentials.Issuers;
import com.fyvault.credentials.KeyRoutes;
import com.fyvault.credentials.KeyTeams;
import com.fyvault.credentials.Minting;
import com.fyvault.credentials.OperatorKeys;
import com.fyvault.credentials.PersonalKeys;
import com.fyvault.credentials.PostgresKeyHomes;
import com.fyvault.credentials.PostgresKeyStore;
import com.fyvault.credentials.PostgresKeyTeams;
import com.fyvault.credentials.PostgresReachStore;
import com.fyvault.credentials.PostgresVaultRoles;
import com.fyvault.mykeys.MyKeyRoutes;
import com.fyvault.people.PostgresMemberships;
import com.fyvault.tokens.Withdrawals;

/** API keys: who makes them, and for whom. */
final class KeyParts {
    final KeyRoutes.Parts parts;
    private final Core core;
    private final PersonalKeys personal;

    KeyParts(Core core, PostgresKeyStore store, Withdrawals withdrawals) {
        this.core = core;
        this.parts = new KeyRoutes.Parts(
                store,
                new PostgresReachStore(),
                new Minting(store, core.authority, core.ids, core.random),
                withdrawals,
                core.clock);
        this.personal = new PersonalKeys(store, new PostgresKeyHomes(core.database));
    }

    KeyRoutes routes() {
        KeyTeams teams = new PostgresKeyTeams(core.database);
        Issuers issuers = new Issuers(new PostgresVaultRoles(core.seals), teams);
        return new KeyRoutes(parts, issuers, new KeyRoutes.Owners(personal, teams), core.settings.credentials());
    }

    MyKeyRoutes mine() {
        return new MyKeyRoutes(personal, new PostgresMemberships(core.database, core.seals));
    }

    OperatorKeys operator() {
        return new OperatorKeys(parts, new OperatorKeys.Tools(core.audit, core.ids, core.clock));
    }
}
