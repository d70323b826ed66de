package com.fyvault.leaks;

import io.vertx.core.Future;

/** The signed reports that were taken, by the SHA-256 of their bytes. */
interface LeakReports {
    /** How long one that was answered is refused. */
    int KEPT_DAYS = 30;

    /** False when it was answered before, or somebody is at it. One that its node has died with is free again after a minute. */
    Future<Boolean> take(byte[] digest);

    /** It is done; from here on it is refused. */
    Future<Void> answered(byte[] digest);

    /** It could not be done, and may come again at once. */
    Future<Void> giveBack(byte[] digest);
}
