package com.fyvault.people;

import io.vertx.core.Future;
import java.util.UUID;

/** What a person has besides a password. */
public interface SecondFactors {
    /** True when a password alone does not log the person in. */
    Future<Boolean> isEnrolled(UUID userId);
}
