package com.fyvault.proofs.doors;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What openapi.json says of each operation, to hold answers against. */
final class Contract {
    private static final Set<String> METHODS = Set.of("get", "post", "patch", "put", "delete");
    private static final JsonSchemaOptions OPTIONS =
            new JsonSchemaOptions().setBaseUri("https://vault.example/").setDraft(Draft.DRAFT202012);

    private final JsonObject document;
    private final Map<String, Validator> validators = new ConcurrentHashMap<>();

    /**
     * A route as the document has it.
     *
     * @param body the schema of what is sent; null when nothing is
     */
    record Operation(
            String method,
            String path,
            JsonObject described,
            @Nullable JsonObject body) {
        String id() {
            return described.getString("operationId");
        }
    }

    private Contract(JsonObject document) {
        this.document = document;
    }

    static Contract read() {
        try (InputStream file = Contract.class.getResourceAsStream("/openapi.json")) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            return new Contract(new JsonObject(text));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Every operation but those of the management port. */
    List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        JsonObject paths = document.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            JsonObject methods = paths.getJsonObject(path);
            for (String method : methods.fieldNames()) {
                if (METHODS.contains(method)
                        && !methods.getJsonObject(method).getJsonArray("tags").contains("Management")) {
                    JsonObject described = methods.getJsonObject(method);
                    all.add(new Operation(method.toUpperCase(Locale.ROOT), path, described, body(described)));
                }
            }
        }
        return all;
    }

    private @Nullable JsonObject body(JsonObject described) {
        @Nullable JsonObject request = described.getJsonObject("requestBody");
        return request == null
                ? null
                : resolved(request.getJsonObject("content")
                        .getJsonObject("application/json")
                        .getJsonObject("schema"));
    }

    /** The schema itself in place of a reference to it. */
    JsonObject resolved(JsonObject schema) {
        @Nullable String reference = schema.getString("$ref");
        return reference == null ? schema : resolved(at(reference));
    }

    private JsonObject at(String reference) {
        JsonObject found = document;
        for (String step : reference.substring(2).split("/", -1)) {
            found = Objects.requireNonNull(found.getJsonObject(step), reference);
        }
        return found;
    }

    /** The query parameters of an operation. */
    List<JsonObject> queries(Operation operation) {
        return operation.described().getJsonArray("parameters", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .map(this::resolved)
                .filter(parameter -> parameter.getString("in").equals("query"))
                .toList();
    }

    /** What is wrong with an answer by the document; null when nothing is. */
    @Nullable
    String fault(Operation operation, Wire.Reply reply) {
        String status = Integer.toString(reply.status());
        @Nullable
        JsonObject response = operation.described().getJsonObject("responses").getJsonObject(status);
        if (response == null) {
            return "status " + status + " " + reply.code() + " is not documented";
        }
        JsonObject whole = response.containsKey("$ref") ? at(response.getString("$ref")) : response;
        if (reply.status() >= 400 && !codes(response, whole).contains(reply.code())) {
            return "code " + reply.code() + " is not documented under " + status;
        }
        @Nullable JsonObject content = whole.getJsonObject("content");
        if (content == null) {
            return reply.body().isEmpty() ? null : "has a body that is not documented";
        }
        Object sent;
        try {
            sent = io.vertx.core.json.Json.decodeValue(reply.body());
        } catch (io.vertx.core.json.DecodeException broken) {
            return "is no JSON";
        }
        JsonObject schema = content.getJsonObject("application/json").getJsonObject("schema");
        OutputUnit unit = validator(operation.id() + status, schema).validate(sent);
        return Boolean.TRUE.equals(unit.getValid()) ? null : "is off its schema: " + first(unit);
    }

    private static String first(OutputUnit unit) {
        return unit.getErrors() == null || unit.getErrors().isEmpty()
                ? String.valueOf(unit.getError())
                : unit.getErrors().stream()
                        .map(error -> error.getInstanceLocation() + " " + error.getError())
                        .reduce((one, last) -> last)
                        .orElse("");
    }

    /** Those that the operation names itself, or else those of the response that it refers to. */
    private static Set<String> codes(JsonObject response, JsonObject whole) {
        Set<String> codes = new HashSet<>();
        for (String word : response.getString("description", "").split("[^A-Z_]+", -1)) {
            if (word.contains("_")
                    || word.equals("INTERNAL")
                    || word.equals("OVERLOADED")
                    || word.equals("UNSETTLED")) {
                codes.add(word);
            }
        }
        if (codes.isEmpty()) {
            enums(whole, codes);
        }
        return codes;
    }

    private static void enums(Object part, Set<String> found) {
        if (part instanceof JsonObject object) {
            for (Map.Entry<String, Object> field : object) {
                if (field.getKey().equals("enum")) {
                    ((JsonArray) field.getValue()).forEach(one -> found.add(String.valueOf(one)));
                } else if (field.getKey().equals("const")) {
                    found.add(String.valueOf(field.getValue()));
                } else if (!field.getKey().startsWith("example")) {
                    enums(field.getValue(), found);
                }
            }
        } else if (part instanceof JsonArray array) {
            array.forEach(one -> enums(one, found));
        }
    }

    private Validator validator(String name, JsonObject schema) {
        return validators.computeIfAbsent(name, none -> {
            JsonObject definitions = document.getJsonObject("components").getJsonObject("schemas");
            String text = schema.copy().put("$defs", definitions).encode();
            JsonObject local = new JsonObject(text.replace("#/components/schemas/", "#/$defs/"));
            return Validator.create(JsonSchema.of(local), OPTIONS);
        });
    }
}
