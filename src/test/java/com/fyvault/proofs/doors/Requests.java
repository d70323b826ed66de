package com.fyvault.proofs.doors;

import com.fyvault.support.Document;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What openapi.json says that a request may hold: the parameters of its query and the texts of its body. */
final class Requests {
    private static final Set<String> OTHER_TYPES = Set.of("integer", "number", "boolean");
    private static final Set<String> METHODS = Set.of("get", "post", "patch", "put", "delete");

    private final JsonObject document;

    /** A text of a body: by itself, or as the one item of a list. */
    record Field(String name, boolean list, boolean object) {
        Object holding(String text) {
            return list ? new JsonArray().add(text) : object ? new JsonObject().put("sub", text) : text;
        }
    }

    Requests(JsonObject document) {
        this.document = document;
    }

    static Requests read() {
        return new Requests(
                new JsonObject(Document.of("src/main/resources/openapi.json").text()));
    }

    /** The sections of ids-in-requests.txt. */
    static Map<String, Set<String>> table() {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        String section = "";
        for (String line : Document.of("src/test/resources/ids-in-requests.txt")
                .text()
                .lines()
                .toList()) {
            if (line.startsWith("  ")) {
                table.get(section).addAll(List.of(line.strip().split("\\s+")));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                section = line.strip();
                table.put(section, new LinkedHashSet<>());
            }
        }
        return table;
    }

    /** Every name in the document under which a request may hold a text. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        JsonObject paths = document.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                if (METHODS.contains(method)) {
                    Row.Line line = new Row.Line(method.toUpperCase(java.util.Locale.ROOT), path);
                    names.addAll(queries(line));
                    fields(line).forEach(field -> names.add(field.name()));
                }
            }
        }
        return names;
    }

    List<String> queries(Row.Line line) {
        JsonObject known = document.getJsonObject("components").getJsonObject("parameters");
        List<String> names = new ArrayList<>();
        for (Object one : operation(line).getJsonArray("parameters", new JsonArray())) {
            JsonObject parameter = (JsonObject) one;
            JsonObject whole = parameter.containsKey("$ref")
                    ? known.getJsonObject(parameter.getString("$ref").replaceFirst(".*/", ""))
                    : parameter;
            if (whole.getString("in").equals("query")) {
                names.add(whole.getString("name"));
            }
        }
        return names;
    }

    List<Field> fields(Row.Line line) {
        Map<String, Field> fields = new LinkedHashMap<>();
        JsonObject content = operation(line)
                .getJsonObject("requestBody", new JsonObject())
                .getJsonObject("content", new JsonObject());
        for (String type : content.fieldNames()) {
            add(fields, content.getJsonObject(type).getJsonObject("schema"));
        }
        return List.copyOf(fields.values());
    }

    private void add(Map<String, Field> fields, JsonObject schema) {
        JsonObject whole = resolved(schema);
        for (String parts : List.of("allOf", "anyOf")) {
            for (Object part : whole.getJsonArray(parts, new JsonArray())) {
                add(fields, (JsonObject) part);
            }
        }
        JsonObject properties = whole.getJsonObject("properties", new JsonObject());
        for (String name : properties.fieldNames()) {
            @Nullable String type = resolved(properties.getJsonObject(name)).getString("type");
            if (!OTHER_TYPES.contains(String.valueOf(type))) {
                fields.put(name, new Field(name, "array".equals(type), "object".equals(type)));
            }
        }
    }

    private JsonObject resolved(JsonObject schema) {
        @Nullable String reference = schema.getString("$ref");
        return reference == null
                ? schema
                : document.getJsonObject("components")
                        .getJsonObject("schemas")
                        .getJsonObject(reference.replaceFirst(".*/", ""));
    }

    /** The operation of a route, which is described under the shortest of its paths. */
    private JsonObject operation(Row.Line line) {
        Matcher longer = Pattern.compile("^/orgs/\\{org}/(?:projects|vaults)/\\{project}/((?:secrets|environments).*)$")
                .matcher(line.path());
        String path = longer.matches()
                ? "/orgs/{org}/" + longer.group(1)
                : line.path()
                        .replaceFirst("^/orgs/\\{org}/vaults", "/orgs/{org}/projects")
                        .replaceFirst("^/teams/", "/orgs/{org}/teams/");
        @Nullable JsonObject methods = document.getJsonObject("paths").getJsonObject(path);
        @Nullable
        JsonObject operation =
                methods == null ? null : methods.getJsonObject(line.method().toLowerCase(java.util.Locale.ROOT));
        if (operation == null) {
            throw new IllegalArgumentException("not in openapi.json: " + line);
        }
        return operation;
    }
}
