package com.fyvault;

import com.fyvault.credentials.ChildTokens;
import com.fyvault.crypto.Envelope;
import com.fyvault.environments.Places;
import com.fyvault.environments.PostgresPlaceStore;
import com.fyvault.federation.Outward;
import com.fyvault.platform.config.DeliverySettings;
import com.fyvault.providers.PostgresProviderStore;
import com.fyvault.providers.ProviderRoutes;
import com.fyvault.providers.TellProvider;
import com.fyvault.providers.WebhookAddress;
import com.fyvault.providers.WebhookSecrets;
import com.fyvault.secrets.PostgresProvidedStore;
import com.fyvault.secrets.PostgresSecretStore;
import com.fyvault.secrets.PostgresWithdrawStore;
import com.fyvault.secrets.ProvidedSecrets;
import com.fyvault.secrets.ProvidedStore;
import com.fyvault.secrets.VersionWriter;
import com.fyvault.secrets.WithdrawSecrets;
import com.fyvault.webhooks.PostgresProviderHooks;

/** Providers: how they are managed, and what they push. */
final class ProviderParts {
    private ProviderParts() {}

    private static TellProvider telling(Core core) {
        DeliverySettings settings = core.settings.deliveries();
        Outward outward = new Outward(settings.privateRanges(), settings.loopback());
        return new TellProvider(new PostgresProviderHooks(core.seals), new WebhookAddress(outward));
    }

    static ProviderRoutes routes(Core core, ChildTokens children) {
        VersionWriter versions = new VersionWriter(
                core.keyrings,
                new Envelope(core.random),
                core.valuePrints,
                core.workers,
                new PostgresSecretStore(core.database, core.seals));
        ProvidedStore store = new PostgresProvidedStore(core.database, core.seals);
        ProviderRoutes.Parts parts = new ProviderRoutes.Parts(
                new Places(new PostgresPlaceStore(core.database)),
                new ProvidedSecrets(store, versions, core.ids),
                new WithdrawSecrets(new PostgresWithdrawStore(core.seals)),
                telling(core));
        return new ProviderRoutes(
                new PostgresProviderStore(core.database),
                children,
                new WebhookSecrets(core.keyrings, core.random),
                parts,
                core.settings.issue().providers());
    }
}
