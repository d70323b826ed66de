package com.fyvault.scan;

/** A file of rules that cannot be taken; the message says what is wrong with it. */
public final class RulesRefused extends ScanError {
    private static final long serialVersionUID = 1L;

    RulesRefused(String message) {
        super(message);
    }

    RulesRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
