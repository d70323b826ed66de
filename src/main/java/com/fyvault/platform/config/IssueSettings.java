package com.fyvault.platform.config;

/**
 * How many of the shorter-lived things there may be.
 *
 * @param agents live agent credentials of an organization
 * @param breakGlass live break-glass tokens of an organization
 * @param handles live handles of one token
 * @param providers live providers of an organization
 * @param devices live devices of an organization
 * @param connectCodes codes of an organization that wait to be exchanged for a provider
 * @param connects exchanges of such codes that an address may try in a minute; 0 is no limit
 */
public record IssueSettings(
        int agents, int breakGlass, int handles, int providers, int devices, int connectCodes, int connects) {

    public static IssueSettings from(Config config) {
        return new IssueSettings(
                config.number("credentials.agents", 10_000, 1, 1_000_000),
                config.number("credentials.break.glass", 20, 1, 1_000),
                config.number("credentials.handles", 1_000, 1, 1_000_000),
                config.number("credentials.providers", 1_000, 1, 1_000_000),
                config.number("credentials.devices", 10_000, 1, 1_000_000),
                config.number("credentials.connect.codes", 20, 1, 1_000),
                config.number("credentials.connect.minute", 60, 0, 100_000));
    }
}
