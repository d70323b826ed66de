package com.fyvault.platform.config;

/** The configuration cannot be used as it is; the message names what to mend, and never a password or key. */
public final class ConfigError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigError(String message) {
        super(message);
    }

    public ConfigError(String message, Throwable cause) {
        super(message, cause);
    }
}
