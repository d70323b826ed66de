package com.fyvault.crypto;

import java.nio.charset.StandardCharsets;

/// What a sealed value is for. The label is part of every envelope's AAD, so it never changes.
public enum Purpose {
    SECRET("secret"),
    TOTP("totp"),
    WEBHOOK("webhook"),
    IDEMPOTENCY("idem");

    @SuppressWarnings("ImmutableEnumChecker") // never written, never handed out of the package
    private final byte[] label;

    Purpose(String label) {
        this.label = label.getBytes(StandardCharsets.US_ASCII);
    }

    byte[] label() {
        return label;
    }
}
