package com.fyvault.platform.postgres;

/** The connection was lost while COMMIT was under way: the change may have happened. */
public final class OutcomeUnknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutcomeUnknown() {
        super("commit in doubt", null, false, false);
    }
}
