package com.fyvault.factors;

import com.fyvault.crypto.OneTimeCode;

/// Time-based one-time codes (RFC 6238): SHA-1, six digits, steps of 30 seconds since 1970.
///
/// Which step it is now is always the database's word, so that a node with a wrong clock neither refuses a good code
/// nor takes an old one.
final class Totp {
    static final int DIGITS = 6;
    static final int STEP_SECONDS = 30;
    /// A code is good in its own step, the one before and the one after.
    static final int WINDOW = 1;
    /// No step: the code is not right.
    static final long NONE = -1;

    private Totp() {}

    /// Exactly six of the ASCII digits. Nothing is trimmed and no other script's digits are digits here: what looks at
    /// a code in two ways takes it twice (CVE-2025-6014).
    static boolean isCode(String text) {
        return text.length() == DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// The newest step in the window around `now` whose code this is and which comes after `last`; else [#NONE].
    static long match(byte[] secret, String code, long now, long last) {
        if (!isCode(code)) {
            return NONE;
        }
        int given = Integer.parseInt(code);
        long found = NONE;
        // All steps are computed, so the time tells nothing of which one it was.
        for (long step = now - WINDOW; step <= now + WINDOW; step++) {
            if (OneTimeCode.at(secret, step) == given && step > last) {
                found = step;
            }
        }
        return found;
    }
}
