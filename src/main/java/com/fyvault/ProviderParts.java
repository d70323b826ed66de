package com.fyvault;

import com.fyvault.connect.ConnectRoutes;
import com.fyvault.connect.PostgresConnectStore;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.KeyStore;
import com.fyvault.credentials.PostgresVaultRoles;
import com.fyvault.crypto.Envelope;
import com.fyvault.environments.Places;
import com.fyvault.environments.PostgresPlaceStore;
import com.fyvault.federation.Outward;
import com.fyvault.platform.config.DeliverySettings;
import com.fyvault.providers.PostgresProviderStore;
import com.fyvault.providers.ProviderRoutes;
import com.fyvault.providers.RegisterProvider;
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
import com.fyvault.tokens.Withdrawals;
import com.fyvault.webhooks.PostgresProviderHooks;

/** Providers: how they are managed and let in, and what they push. */
final class ProviderParts {
    private final Core core;
    private final ChildTokens children;
    private final PostgresProviderStore store;
    private final TellProvider telling;
    private final RegisterProvider register;

    ProviderParts(Core core, ChildTokens children) {
        this.core = core;
        this.children = children;
        this.store = new PostgresProviderStore(core.database);
        DeliverySettings settings = core.settings.deliveries();
        Outward outward = new Outward(settings.privateRanges(), settings.loopback());
        PostgresProviderHooks hooks = new PostgresProviderHooks(core.seals);
        this.telling = new TellProvider(hooks, new WebhookAddress(outward));
        this.register = new RegisterProvider(store, new WebhookSecrets(core.keyrings, core.random), hooks);
    }

    ProviderRoutes routes() {
        VersionWriter versions = new VersionWriter(
                core.keyrings,
                new Envelope(core.random),
                core.valuePrints,
                core.workers,
                new PostgresSecretStore(core.database, core.seals));
        ProvidedStore pushed = new PostgresProvidedStore(core.database, core.seals);
        ProviderRoutes.Parts parts = new ProviderRoutes.Parts(
                new Places(new PostgresPlaceStore(core.database)),
                new ProvidedSecrets(pushed, versions, core.ids),
                new WithdrawSecrets(new PostgresWithdrawStore(core.seals)),
                telling);
        return new ProviderRoutes(
                store, children, register, parts, core.settings.issue().providers());
    }

    ConnectRoutes.Shared connect(KeyStore keys, Withdrawals withdrawals) {
        ConnectRoutes.Shared.Parts parts = new ConnectRoutes.Shared.Parts(
                core.database,
                new PostgresConnectStore(core.seals),
                children,
                telling,
                register,
                keys,
                new PostgresVaultRoles(core.seals),
                core.audit,
                core.authority,
                withdrawals);
        return new ConnectRoutes.Shared(parts, core.settings.issue(), core.ids, core.random);
    }
}
