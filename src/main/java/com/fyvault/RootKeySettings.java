package com.fyvault;

import com.fyvault.crypto.EnvironmentRootKey;
import com.fyvault.crypto.FileRootKey;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.ConfigError;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the root key lies: a file, or for development a variable.
 *
 * @param file the key file, mode 0600 or stricter
 * @param variable the name of an environment variable that holds the key in base64
 */
public record RootKeySettings(
        @Nullable String file, @Nullable String variable, String profile) {

    public static RootKeySettings from(Config config) {
        return new RootKeySettings(
                config.optionalText("root.key.file"),
                config.optionalText("root.key.variable"),
                config.text("profile", "prod"));
    }

    /** True where a key from the environment and issuers on this machine are taken. */
    public boolean isDevelopment() {
        return profile.equals("dev");
    }

    /** Opens the source; refuses a missing key, a key that others can read, and two sources at once. */
    public RootKeySource open(SecureRandom random, Map<String, String> environment) {
        if (file != null && variable == null) {
            return FileRootKey.load(Path.of(file), random);
        }
        if (variable != null && file == null) {
            return EnvironmentRootKey.load(variable, environment, profile, random);
        }
        throw new ConfigError("set root.key.file or root.key.variable, one of them");
    }
}
