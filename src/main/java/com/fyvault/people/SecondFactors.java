package com.fyvault.people;

import io.vertx.core.Future;
import java.util.UUID;

/** What a person has besides a password. */
public interface SecondFactors {
    /** Nobody has anything. */
    SecondFactors NONE = new SecondFactors() {
        @Override
        public Future<Boolean> isEnrolled(UUID userId) {
            return Future.succeededFuture(false);
        }

        @Override
        public Future<Boolean> verify(UUID userId, String code) {
            return Future.succeededFuture(false);
        }
    };

    /** True when a password alone does not log the person in. */
    Future<Boolean> isEnrolled(UUID userId);

    /** True when the code is good, which uses it up. */
    Future<Boolean> verify(UUID userId, String code);
}
