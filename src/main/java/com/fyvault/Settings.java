package com.fyvault;

import com.fyvault.platform.config.AdviceSettings;
import com.fyvault.platform.config.AuditSettings;
import com.fyvault.platform.config.CacheSettings;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.CredentialSettings;
import com.fyvault.platform.config.DeliverySettings;
import com.fyvault.platform.config.EventSettings;
import com.fyvault.platform.config.FactorSettings;
import com.fyvault.platform.config.FederationSettings;
import com.fyvault.platform.config.HttpSettings;
import com.fyvault.platform.config.IssueSettings;
import com.fyvault.platform.config.LeakSettings;
import com.fyvault.platform.config.LimitSettings;
import com.fyvault.platform.config.MailSettings;
import com.fyvault.platform.config.PeopleSettings;
import com.fyvault.platform.config.PostgresSettings;
import com.fyvault.platform.config.PurgeSettings;
import com.fyvault.platform.config.RedisSettings;
import com.fyvault.platform.config.TrailSettings;
import com.fyvault.platform.config.UseSettings;
import com.fyvault.platform.config.WebhookSettings;

/** Everything that can be set, one record a concern. */
public record Settings(
        HttpSettings http,
        PostgresSettings postgres,
        AuditSettings audit,
        CacheSettings cache,
        CredentialSettings credentials,
        IssueSettings issue,
        PeopleSettings people,
        FactorSettings factors,
        MailSettings mail,
        WebhookSettings webhook,
        EventSettings events,
        DeliverySettings deliveries,
        PurgeSettings purge,
        TrailSettings trail,
        FederationSettings federation,
        LeakSettings leaks,
        AdviceSettings advice,
        RedisSettings redis,
        LimitSettings limits,
        UseSettings uses,
        RootKeySettings rootKey) {

    /** Reads every concern, and refuses names that none of them knows. */
    public static Settings from(Config config) {
        Settings settings = new Settings(
                HttpSettings.from(config),
                PostgresSettings.from(config),
                AuditSettings.from(config),
                CacheSettings.from(config),
                CredentialSettings.from(config),
                IssueSettings.from(config),
                PeopleSettings.from(config),
                FactorSettings.from(config),
                MailSettings.from(config),
                WebhookSettings.from(config),
                EventSettings.from(config),
                DeliverySettings.from(config),
                PurgeSettings.from(config),
                TrailSettings.from(config),
                FederationSettings.from(config),
                LeakSettings.from(config),
                AdviceSettings.from(config),
                RedisSettings.from(config),
                LimitSettings.from(config),
                UseSettings.from(config),
                RootKeySettings.from(config));
        config.refuseUnread();
        return settings;
    }
}
