package com.fyvault.crypto;

/// The configured root key cannot be used; the message tells the operator what to do and holds no key material.
public final class RootKeyRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    RootKeyRefused(String message) {
        super(message);
    }

    RootKeyRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
