package com.fyvault.leaks;

import org.jspecify.annotations.Nullable;

/**
 * What somebody found.
 *
 * @param token the text itself
 * @param type what they call it
 * @param url where it was; their words
 * @param source in what kind of thing; their words
 */
record Report(
        String token,
        String type,
        @Nullable String url,
        @Nullable String source) {

    /** What they call it, as it is kept: one line; null when they call it nothing. */
    @Nullable
    String kind() {
        return type.isBlank() ? null : ReportReader.words(type, ReportReader.LONGEST_TYPE);
    }

    @Override
    public String toString() {
        return "Report[" + type + "]";
    }
}
