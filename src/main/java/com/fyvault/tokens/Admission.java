package com.fyvault.tokens;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import org.jspecify.annotations.Nullable;

/** What every request is asked first, whatever it wants: is the token alive, of this organization, at this address. */
public final class Admission {
    private Admission() {}

    /** Refuses a decision that may do nothing here. A foreign organization and an absent one are the same. */
    public static void check(Decision decision, @Nullable String org, ClientAddress address) {
        if (decision.refusal() != null) {
            throw Refusal.of(decision.refusal());
        }
        if (org != null && !org.equalsIgnoreCase(decision.org().orgText())) {
            throw Refusal.of(ErrorCode.ORG_NOT_FOUND);
        }
        if (!decision.allowsAddress(address)) {
            throw Refusal.of(ErrorCode.ADDRESS_NOT_ALLOWED);
        }
    }
}
