package com.fyvault;

import com.fyvault.crypto.Envelope;
import com.fyvault.environments.Places;
import com.fyvault.environments.PostgresPlaceStore;
import com.fyvault.secrets.BulkOpener;
import com.fyvault.secrets.PostgresBulkValueStore;
import com.fyvault.secrets.PostgresPrintStore;
import com.fyvault.secrets.PostgresProvidedStore;
import com.fyvault.secrets.PostgresSecretStore;
import com.fyvault.secrets.PrintValues;
import com.fyvault.secrets.ProvidedStore;
import com.fyvault.secrets.ReadPrevious;
import com.fyvault.secrets.ReadValues;
import com.fyvault.secrets.SecretRoutes;
import com.fyvault.secrets.SecretStore;
import com.fyvault.secrets.ValueOpener;
import com.fyvault.secrets.VersionWriter;

/** Secrets: how they are managed, and read other than by the hot path. */
final class SecretParts {
    private final Core core;
    private final ValueOpener opener;
    private final Places places;
    private final ProvidedStore provided;

    SecretParts(Core core, ValueOpener opener) {
        this.core = core;
        this.opener = opener;
        this.places = new Places(new PostgresPlaceStore(core.database));
        this.provided = new PostgresProvidedStore(core.database, core.seals);
    }

    SecretRoutes routes() {
        SecretStore store = new PostgresSecretStore(core.database, core.seals);
        VersionWriter versions =
                new VersionWriter(core.keyrings, new Envelope(core.random), core.valuePrints, core.workers, store);
        ReadValues bulk = new ReadValues(
                places,
                new PostgresBulkValueStore(core.database, core.seals),
                new BulkOpener(core.keyrings, core.workers));
        SecretRoutes.Parts parts = new SecretRoutes.Parts(store, versions, opener, bulk, provided);
        return new SecretRoutes(places, parts, core.ids, core.random);
    }

    /** Gives values of before their fingerprints. */
    static PrintValues prints(Core core) {
        PrintValues.Parts parts = new PrintValues.Parts(
                core.database,
                new PostgresPrintStore(core.database),
                core.keyrings,
                core.valuePrints,
                core.audit,
                core.ids);
        return new PrintValues(parts, core.workers);
    }

    ReadPrevious previous() {
        return new ReadPrevious(places, provided, opener);
    }
}
