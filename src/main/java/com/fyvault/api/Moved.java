package com.fyvault.api;

/** The authority of a call changed between its decision and its commit: decide again. */
final class Moved extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Moved() {
        super("authority moved", null, false, false);
    }
}
