package com.fyvault.api;

import com.fyvault.platform.http.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the organization of a person's request is found when its path names none. Every other token is of one organization;
 * a login is of all that its person is a member of.
 *
 * @param absent the refusal when there is no such organization for the person
 */
public record Home(Search search, ErrorCode absent) {
    /** A request, whose login nobody has looked at yet. */
    public record Request(HttpServerRequest request, Map<String, String> path, Supplier<Future<Buffer>> body) {}

    /** Finds the organization; null when what the request is about is absent. */
    @FunctionalInterface
    public interface Search {
        Future<@Nullable UUID> of(Request request);
    }
}
