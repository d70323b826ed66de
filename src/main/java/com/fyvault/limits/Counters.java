package com.fyvault.limits;

import io.vertx.core.Future;
import java.util.List;

/** Redis as the limits need it: it may be away, and it runs two scripts, each as one step. */
interface Counters {
    /** True when calls are sent; false when they fail at once. */
    boolean isUp();

    /** Runs {@code lease.lua}. */
    Future<long[]> lease(List<String> keys, List<String> arguments);

    /** Runs {@code giveback.lua}. */
    Future<long[]> giveBack(List<String> keys, List<String> arguments);
}
