package com.fyvault.notices;

/** A way on which notices go out. Each has its own tries. */
public enum Channel {
    MAIL(""),
    WEBHOOK("hook_");

    private final String columns;

    Channel(String columns) {
        this.columns = columns;
    }

    /** What the names of its columns begin with. */
    String columns() {
        return columns;
    }
}
