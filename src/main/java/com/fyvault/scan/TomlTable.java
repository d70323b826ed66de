package com.fyvault.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A table of a rule file, whose fields are named without regard to case; of the wrong type they are refused. */
final class TomlTable {
    private static final int LONGEST_LIST = 10_000;

    private final Map<String, JsonNode> fields = new HashMap<>();
    private final String name;

    TomlTable(JsonNode node, String name) {
        this.name = name;
        if (!node.isObject() && !node.isMissingNode()) {
            throw new RulesRefused(name + " should be a table");
        }
        node.properties().forEach(field -> fields.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue()));
    }

    private TomlTable(Map<String, JsonNode> fields, String name) {
        this.fields.putAll(fields);
        this.name = name;
    }

    /** The same under another name, for what is said of it. */
    TomlTable named(String other) {
        return new TomlTable(fields, other);
    }

    String name() {
        return name;
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    /** What is to be said of fields that are none of these. */
    List<String> unknown(Set<String> known) {
        return fields.keySet().stream()
                .filter(field -> !known.contains(field))
                .sorted()
                .map(field -> name + ": " + field + " is not known, and passed over")
                .toList();
    }

    /** A text; empty when absent. */
    String text(String field) {
        @Nullable JsonNode node = fields.get(field);
        if (node == null) {
            return "";
        }
        if (!node.isTextual()) {
            throw wrong(field, "a text");
        }
        return node.textValue();
    }

    /** A number; 0 when absent. */
    double number(String field) {
        @Nullable JsonNode node = fields.get(field);
        if (node == null) {
            return 0;
        }
        if (!node.isNumber()) {
            throw wrong(field, "a number");
        }
        return node.doubleValue();
    }

    boolean flag(String field) {
        @Nullable JsonNode node = fields.get(field);
        if (node == null) {
            return false;
        }
        if (!node.isBoolean()) {
            throw wrong(field, "true or false");
        }
        return node.booleanValue();
    }

    /** A list of texts; empty when absent. */
    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(field)) {
            if (!item.isTextual()) {
                throw wrong(field, "a list of texts");
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    /** A list of tables; empty when absent. */
    List<TomlTable> tables(String field) {
        List<TomlTable> tables = new ArrayList<>();
        list(field).forEach(item -> tables.add(new TomlTable(item, name + ", " + field)));
        return tables;
    }

    /** A table; empty when absent. */
    TomlTable table(String field) {
        return new TomlTable(fields.getOrDefault(field, MissingNode.getInstance()), name + ", " + field);
    }

    private Iterable<JsonNode> list(String field) {
        @Nullable JsonNode node = fields.get(field);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray() || node.size() > LONGEST_LIST) {
            throw wrong(field, "a list of at most " + LONGEST_LIST);
        }
        return node;
    }

    private RulesRefused wrong(String field, String what) {
        return new RulesRefused(name + ": " + field + " should be " + what);
    }
}
