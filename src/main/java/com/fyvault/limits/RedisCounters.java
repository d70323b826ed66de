package com.fyvault.limits;

import com.fyvault.platform.redis.RedisLink;
import com.fyvault.platform.redis.RedisScript;
import io.vertx.core.Future;
import java.util.List;

/** The counters in Redis, under the installation's prefix. */
final class RedisCounters implements Counters {
    private final RedisLink link;
    private final RedisScript lease = RedisScript.named("lease");
    private final RedisScript giveBack = RedisScript.named("giveback");

    RedisCounters(RedisLink link) {
        this.link = link;
    }

    @Override
    public boolean isUp() {
        return link.isUp();
    }

    @Override
    public Future<long[]> lease(List<String> keys, List<String> arguments) {
        return lease.numbers(link, prefixed(keys), arguments);
    }

    @Override
    public Future<long[]> giveBack(List<String> keys, List<String> arguments) {
        return giveBack.numbers(link, prefixed(keys), arguments);
    }

    private List<String> prefixed(List<String> keys) {
        return keys.stream().map(key -> link.prefix() + ":" + key).toList();
    }
}
