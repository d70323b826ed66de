package com.fyvault.platform.redis;

/** Redis is not there, or did not answer in time. It carries no stack trace: it is a state, not a bug. */
public final class RedisDown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private RedisDown(String text) {
        super(text, null, false, false);
    }

    static RedisDown down() {
        return new RedisDown("Redis is down");
    }

    static RedisDown busy() {
        return new RedisDown("too many calls to Redis are under way");
    }
}
