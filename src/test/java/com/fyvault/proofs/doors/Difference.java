package com.fyvault.proofs.doors;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What tells two answers apart to whoever knows only what they asked. Of a refusal that is everything but the ids of the
 * two requests, length included; of a success, whose contents are the caller's own, its status, headers and shape.
 */
final class Difference {
    private static final Set<String> OF_A_REQUEST = Set.of("x-request-id", "date");
    private static final Set<String> OF_A_SUCCESS = Set.of("content-length", "etag", "x-next-cursor");
    private static final int GOOD = 300;

    private Difference() {}

    /** An answer, and the texts by which its request differed from the other's. */
    record Answered(Wire.Reply reply, List<String> asked) {}

    /** What differs, or null. */
    static @Nullable String between(Answered one, Answered other) {
        if (one.reply().status() != other.reply().status()) {
            return "status " + one.reply().status() + " and " + other.reply().status();
        }
        boolean good = one.reply().status() < GOOD;
        Map<String, String> headers = headers(one, good);
        Map<String, String> otherHeaders = headers(other, good);
        if (!headers.equals(otherHeaders)) {
            return "headers " + headers + " and " + otherHeaders;
        }
        String body = good ? shape(one) : masked(one);
        String otherBody = good ? shape(other) : masked(other);
        return body.equals(otherBody) ? null : "body " + body + " and " + otherBody;
    }

    private static Map<String, String> headers(Answered one, boolean good) {
        Map<String, String> headers = new TreeMap<>(one.reply().headers());
        OF_A_REQUEST.forEach(name -> headers.replace(name, "*"));
        if (good) {
            OF_A_SUCCESS.forEach(name -> headers.replace(name, "*"));
        }
        return headers;
    }

    private static String masked(Answered one) {
        String body = one.reply().body().replace(one.reply().header("x-request-id"), "*");
        for (String asked : one.asked()) {
            body = body.replace(asked, "*");
        }
        return body;
    }

    private static String shape(Answered one) {
        try {
            return shape(new JsonObject(one.reply().body()));
        } catch (DecodeException noJson) {
            return "no JSON of " + one.reply().body().length();
        }
    }

    private static String shape(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case JsonObject object -> {
                Map<String, String> members = new TreeMap<>();
                object.forEach(member -> members.put(member.getKey(), shape(member.getValue())));
                yield members.toString();
            }
            case JsonArray list -> "list of " + list.size();
            default -> value.getClass().getSimpleName();
        };
    }
}
