package com.fyvault.environments;

/**
 * An environment by what a request calls it, as known since one look at PostgreSQL.
 *
 * @param readVersion the environment's version in the snapshot in which it had that name or default
 * @param production true for what a test key keeps away from, as of that version
 */
public record Located(EnvironmentState state, long readVersion, boolean production) {
    /** False once the environment is known to have changed since that look: its name may be another by now. */
    boolean holds() {
        return state.admits(readVersion);
    }

    /**
     * The version that a commit must find for the name to have meant this environment. Read
     * {@code version} first: a change that raises it has made {@link #holds} false before.
     */
    public long checked(long version) {
        return holds() ? version : Math.min(version, readVersion);
    }
}
