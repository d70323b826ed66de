package com.fyvault.scan;

import java.util.Locale;

/** How sure a finding is, from the surest on. */
public enum Confidence {
    HIGH,
    MEDIUM,
    LOW;

    /** The word on the wire and in rule files. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
