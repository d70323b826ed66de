package com.fyvault.crypto;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A root key in an environment variable, 32 bytes in base64: for development.
///
/// `/proc`, crash reports, child processes and every tool that describes a container show it, so profile `prod` refuses
/// it and every other start warns.
public final class EnvironmentRootKey {
    private static final Logger LOG = LoggerFactory.getLogger(EnvironmentRootKey.class);

    private EnvironmentRootKey() {}

    /// @param environment `System.getenv()`
    /// @throws RootKeyRefused in production, and when the variable holds no key
    public static RootKeySource load(
            String variable, Map<String, String> environment, String profile, SecureRandom random) {
        if (profile.equalsIgnoreCase("prod") || profile.equalsIgnoreCase("production")) {
            throw new RootKeyRefused("profile " + profile + " takes no root key from the environment (" + variable
                    + "); put it in a file with mode 600, or use a KMS");
        }
        String value = environment.get(variable);
        byte[] key = value == null ? null : FileRootKey.decode(value.getBytes(StandardCharsets.US_ASCII));
        if (key == null || key.length != LocalRootKey.LENGTH) {
            throw new RootKeyRefused(variable + " holds no root key: 32 bytes in base64 are wanted");
        }
        LOG.warn("The root key comes from the environment variable {}: for development only.", variable);
        return new LocalRootKey(key, "variable " + variable, random);
    }
}
