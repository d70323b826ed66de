package com.fyvault.environments;

import java.util.UUID;

/**
 * What this node knows of an environment: the {@code version} up to which it has applied every
 * change of a value. The marks and their order are those of an organization's authority: fills older
 * than {@code newest} are refused, entries older than {@code floor} are disowned, and
 * {@link #version} rises last.
 */
public final class EnvironmentState {
    private final UUID orgId;
    private final UUID projectId;
    private final UUID environmentId;
    private volatile long newest;
    private volatile long floor;
    private volatile long version;

    EnvironmentState(UUID orgId, UUID projectId, UUID environmentId, long version) {
        this.orgId = orgId;
        this.projectId = projectId;
        this.environmentId = environmentId;
        this.newest = version;
        this.version = version;
    }

    public UUID orgId() {
        return orgId;
    }

    public UUID projectId() {
        return projectId;
    }

    public UUID environmentId() {
        return environmentId;
    }

    /** Read this before looking for a value, and check the commit against it. */
    public long version() {
        return version;
    }

    /** True when a value read at this version may still be kept. */
    public boolean admits(long readVersion) {
        return readVersion >= newest;
    }

    /** True while entries read at this version are good unless evicted by name. */
    public boolean holds(long readVersion) {
        return readVersion >= floor;
    }

    /** First step of applying changes: from here on older fills are refused. */
    public synchronized void begin(long to, boolean forgetAll) {
        newest = Math.max(newest, to);
        if (forgetAll) {
            floor = Math.max(floor, to);
        }
    }

    /** Last step, after what changed was evicted. */
    public synchronized void finish(long to) {
        version = Math.max(version, to);
    }
}
