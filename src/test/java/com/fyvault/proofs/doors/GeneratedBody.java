package com.fyvault.proofs.doors;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Bodies by the schema of what a route takes, from one seed: such as the schema allows, and such as it does not. They begin with
 * one that is known to be good.
 */
final class GeneratedBody {
    private static final int LONG = 5_000;
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "production",
            "../../etc/passwd",
            "00000000-0000-7000-8000-000000000000",
            "2030-01-01T00:00:00Z",
            "10.0.0.0/8",
            "a@example.com",
            "\u0000",
            "\u202e\ud83d\ude00",
            "' or 1=1 --",
            "<script>",
            "SECRETS_READ",
            "-1");

    private final Contract contract;
    private final Random random;

    GeneratedBody(Contract contract, long seed) {
        this.contract = contract;
        this.random = new Random(seed);
    }

    /** What is sent in place of a good body: an object, or a text that is none. */
    String of(JsonObject schema, @Nullable String good) {
        JsonObject begun = good == null ? new JsonObject() : new JsonObject(good);
        return switch (random.nextInt(10)) {
            case 0 -> broken(begun.encode());
            case 1 -> begun.encode();
            case 2, 3 -> valid(schema, begun).encode();
            case 4, 5, 6 -> turned(schema, begun).encode();
            default -> fewer(valid(schema, begun)).encode();
        };
    }

    private String broken(String good) {
        return switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> "[]";
            case 2 -> "null";
            case 3 -> "\"text\"";
            case 4 -> good.substring(0, good.length() - 1);
            case 5 -> good + good;
            case 6 -> "[".repeat(2_000);
            default -> good.replace("{", "{\"a\":1,\"a\":2,");
        };
    }

    /** With some of the fields that the schema has, each of its type. */
    private JsonObject valid(JsonObject schema, JsonObject begun) {
        JsonObject made = begun.copy();
        JsonObject fields = schema.getJsonObject("properties", new JsonObject());
        for (String name : fields.fieldNames()) {
            if (random.nextInt(4) == 0) {
                made.put(name, value(contract.resolved(fields.getJsonObject(name)), 0));
            }
        }
        return made;
    }

    private JsonObject fewer(JsonObject made) {
        for (String name : List.copyOf(made.fieldNames())) {
            if (random.nextInt(3) == 0) {
                var _ = made.remove(name);
            }
        }
        return made;
    }

    /** With one field of another type, out of its bounds, or that nobody knows. */
    private JsonObject turned(JsonObject schema, JsonObject begun) {
        JsonObject made = begun.copy();
        JsonObject fields = schema.getJsonObject("properties", new JsonObject());
        List<String> names = new ArrayList<>(fields.fieldNames());
        names.add("unknown");
        made.put(names.get(random.nextInt(names.size())), wrong());
        return made;
    }

    private @Nullable Object wrong() {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> -1;
            case 2 -> Long.MAX_VALUE;
            case 3 -> 1.5;
            case 4 -> true;
            case 5 -> new JsonObject();
            case 6 -> new JsonObject().put("a", new JsonArray().add(new JsonObject()));
            case 7 -> new JsonArray();
            case 8 -> new JsonArray().add(1).addNull();
            case 9 -> "x".repeat(LONG);
            case 10 -> new JsonArray(java.util.Collections.nCopies(LONG, "x"));
            default -> text();
        };
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private Object value(JsonObject schema, int depth) {
        @Nullable JsonArray choices = schema.getJsonArray("enum");
        if (choices != null) {
            return choices.getValue(random.nextInt(choices.size()));
        }
        Object type = schema.getValue("type", "string");
        String kind = type instanceof JsonArray several ? several.getString(0) : String.valueOf(type);
        return switch (kind) {
            case "integer", "number" ->
                schema.getLong("minimum", 0L)
                        + random.nextInt(Math.toIntExact(
                                Math.min(1_000, schema.getLong("maximum", 100L) - schema.getLong("minimum", 0L) + 1)));
            case "boolean" -> random.nextBoolean();
            case "array" -> array(schema, depth);
            case "object" -> depth > 2 ? new JsonObject() : object(schema, depth);
            default -> "email".equals(schema.getString("format")) ? "a" + random.nextInt(9) + "@example.com" : text();
        };
    }

    private JsonArray array(JsonObject schema, int depth) {
        JsonArray made = new JsonArray();
        JsonObject items = contract.resolved(schema.getJsonObject("items", new JsonObject()));
        for (int i = random.nextInt(3); i > 0 && depth < 3; i--) {
            made.add(value(items, depth + 1));
        }
        return made;
    }

    private JsonObject object(JsonObject schema, int depth) {
        JsonObject made = new JsonObject();
        JsonObject fields = schema.getJsonObject("properties", new JsonObject());
        for (String name : fields.fieldNames()) {
            if (random.nextBoolean()) {
                made.put(name, value(contract.resolved(fields.getJsonObject(name)), depth + 1));
            }
        }
        return made;
    }

    /** The value of a query parameter: one of its kind, or one that is not. */
    String query(JsonObject parameter) {
        JsonObject schema = contract.resolved(parameter.getJsonObject("schema"));
        Object value = random.nextBoolean() ? value(schema, 3) : text();
        return java.net.URLEncoder.encode(String.valueOf(value), java.nio.charset.StandardCharsets.UTF_8);
    }

    boolean chance(int of) {
        return random.nextInt(of) == 0;
    }
}
