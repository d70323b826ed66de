package com.fyvault.crypto;

/// Sealed bytes were refused: wrong length, format, key, place or content.
///
/// One message for every cause, and no stack trace, so that neither an answer nor a log tells an attacker which check
/// failed. A broken seal on stored data is our fault (500 and an alarm), never the caller's.
public final class SealBroken extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SealBroken() {
        super("the seal is broken", null, false, false);
    }
}
