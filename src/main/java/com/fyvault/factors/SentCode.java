package com.fyvault.factors;

import com.fyvault.platform.http.Fields;

/// A code in a request. It has two names: `code`, and `totpCode` as published clients call it; each is good everywhere.
///
/// @param field the name that it was sent under, for what is told of it
record SentCode(String field, String text) {
    private static final String SHORT = "code";
    private static final String LONG = "totpCode";
    private static final int LONGEST = 128;

    /// True when the body has one.
    static boolean isIn(Fields body) {
        return body.has(SHORT) || body.has(LONG);
    }

    /// The one in the body.
    ///
    /// @throws com.fyvault.platform.http.Refusal INVALID_FIELD when there is none, or one under each name
    static SentCode of(Fields body) {
        if (body.has(SHORT) && body.has(LONG)) {
            throw Fields.invalid(LONG, "and " + SHORT + " are two names of one code: send one of them");
        }
        String field = body.has(LONG) ? LONG : SHORT;
        return new SentCode(field, body.text(field, LONGEST));
    }
}
