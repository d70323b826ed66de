package com.fyvault.limits;

import io.vertx.core.Future;

/** Where shares of budgets come from. All shares of a window together never exceed a rule's capacity. */
interface LeaseSource {
    /**
     * A share for the requests that wait, and for those soon to come.
     *
     * @param waiting requests that wait for it
     * @param wanted what would last for a while, those included
     */
    Future<Grant> lease(Budget budget, long waiting, long wanted);

    /** Takes back what a share had left; rules whose window is over ignore it. */
    void giveBack(Budget budget, long[] windows, long amount);

    /** Tells others what they could not be told before; to be called a few times a second. */
    default void settle() {}
}
