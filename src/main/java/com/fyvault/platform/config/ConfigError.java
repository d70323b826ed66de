package com.fyvault.platform.config;

/** The configuration cannot be used; the message names the setting and never its value. */
public final class ConfigError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigError(String message) {
        super(message);
    }
}
