package com.fyvault.platform.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Lua script of the resources. It is called by its digest; a Redis that has lost it (flushed, restarted,
 * failed over) gets it with the call. Repeating that call is sound: what answers NOSCRIPT has run nothing.
 */
public final class RedisScript {
    private final String text;
    private volatile @Nullable String digest;

    private RedisScript(String text) {
        this.text = text;
    }

    /** The script of this name under {@code redis/}. */
    public static RedisScript named(String name) {
        try (InputStream in = RedisScript.class.getResourceAsStream("/redis/" + name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("no script " + name);
            }
            return new RedisScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Runs it, and reads its answer as a list of whole numbers; one number is a list too. */
    public Future<long[]> numbers(RedisLink link, List<String> keys, List<String> arguments) {
        return run(link, keys, arguments).map(RedisScript::numbers);
    }

    private static long[] numbers(@Nullable Response answer) {
        if (answer == null) {
            return new long[0];
        }
        // isArray() throws for what is none.
        return answer.type() == ResponseType.MULTI
                ? answer.stream().mapToLong(RedisScript::number).toArray()
                : new long[] {number(answer)};
    }

    private static long number(Response answer) {
        @Nullable Long number = answer.toLong();
        if (number == null) {
            throw new IllegalStateException("the script answered with something else than a number");
        }
        return number;
    }

    /** Runs it. Every key must lie in one slot of a Cluster. */
    public Future<@Nullable Response> run(RedisLink link, List<String> keys, List<String> arguments) {
        @Nullable String known = digest;
        if (known == null) {
            return whole(link, keys, arguments);
        }
        return link.call(request(Command.EVALSHA, known, keys, arguments)).recover(failure -> {
            boolean lost = String.valueOf(failure.getMessage()).startsWith("NOSCRIPT");
            return lost ? whole(link, keys, arguments) : Future.failedFuture(failure);
        });
    }

    private Future<@Nullable Response> whole(RedisLink link, List<String> keys, List<String> arguments) {
        return link.call(request(Command.EVAL, text, keys, arguments)).onSuccess(done -> learn(link));
    }

    private void learn(RedisLink link) {
        if (digest == null) {
            Request load = Request.cmd(Command.SCRIPT).arg("LOAD").arg(text);
            link.call(load)
                    .onSuccess(loaded -> digest = loaded == null ? null : loaded.toString())
                    .onFailure(RedisLink::ignore);
        }
    }

    private static Request request(Command command, String script, List<String> keys, List<String> arguments) {
        Request request = Request.cmd(command).arg(script).arg(keys.size());
        for (String key : keys) {
            request = request.arg(key);
        }
        for (String argument : arguments) {
            request = request.arg(argument);
        }
        return request;
    }
}
