package com.fyvault.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON body, each read with its rule. An explicit null is an absent field, unknown
 * fields are ignored unless {@link #refuseAllBut} is asked, and both spellings of a name are one field ({@code secret_name},
 * {@code secretName}). Fields that hold a secret never become a String: they are copied out of the
 * parser's buffer as UTF-8 bytes, and {@link #close} clears them.
 */
public final class Fields implements AutoCloseable {
    private final Map<String, Object> values;

    Fields(Map<String, Object> values) {
        this.values = values;
    }

    /** No fields, as an empty body has. */
    public static Fields none() {
        return new Fields(Map.of());
    }

    /** Parses a body; an empty one has no fields. Refuses what is not one JSON object. */
    public static Fields parse(byte[] body) {
        return body.length == 0 ? none() : new Fields(BodyParser.parse(body));
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The bytes of a secret field, owned by these fields and cleared with them; null when absent. */
    public byte @Nullable [] secret(String name) {
        @Nullable Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        throw invalid(name, "must be a string");
    }

    /** A text of at most so many characters, without control characters; null when absent. */
    public @Nullable String optionalText(String name, int most) {
        @Nullable Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof String text) {
            return plain(name, text, most);
        }
        throw invalid(name, "must be a string");
    }

    public String text(String name, int most) {
        @Nullable String text = optionalText(name, most);
        if (text == null || text.isBlank()) {
            throw invalid(name, "is missing");
        }
        return text;
    }

    /** A whole number within bounds; null when absent. */
    public @Nullable Long optionalNumber(String name, long least, long most) {
        @Nullable Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Long number && number >= least && number <= most) {
            return number;
        }
        throw invalid(name, "must be a whole number from " + least + " to " + most);
    }

    /** An object of whole numbers within bounds, by name; null when absent. */
    public @Nullable Map<String, Long> optionalNumbers(String name, long least, long most) {
        @Nullable Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof JsonNode node) || !node.isObject()) {
            throw invalid(name, "must be an object of whole numbers");
        }
        Map<String, Long> numbers = new LinkedHashMap<>();
        node.properties().forEach(field -> {
            JsonNode number = field.getValue();
            if (!number.canConvertToLong()
                    || !number.isIntegralNumber()
                    || number.asLong() < least
                    || number.asLong() > most) {
                throw invalid(name, "holds whole numbers from " + least + " to " + most);
            }
            numbers.put(field.getKey(), number.asLong());
        });
        return numbers;
    }

    public @Nullable Boolean optionalFlag(String name) {
        @Nullable Object value = values.get(name);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        throw invalid(name, "must be true or false");
    }

    /** A list of texts; null when absent. */
    public @Nullable List<String> optionalTexts(String name, int mostItems, int mostLength) {
        @Nullable Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof JsonNode node) || !node.isArray() || node.size() > mostItems) {
            throw invalid(name, "must be a list of at most " + mostItems + " strings");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : node) {
            if (!item.isTextual()) {
                throw invalid(name, "must be a list of strings");
            }
            texts.add(plain(name, item.textValue(), mostLength));
        }
        return texts;
    }

    /** A list of objects, each with fields of its own that are cleared with these; empty when absent. */
    public List<Fields> items(String name, int most) {
        @Nullable Object value = values.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || list.size() > most) {
            throw invalid(name, "must be a list of at most " + most + " objects");
        }
        return list.stream().map(Fields.class::cast).toList();
    }

    /** A JSON object as its text, which comes back as it was; null when absent. */
    public @Nullable String optionalObject(String name, int mostBytes) {
        @Nullable Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof JsonNode node) || !node.isObject()) {
            throw invalid(name, "must be an object");
        }
        return new KeptJson(name, mostBytes).text(node);
    }

    /**
     * Refuses every field but these. For what makes or changes a token: there a field that is not known
     * may be meant to restrict it, and ignored it would leave more than was asked for.
     */
    public void refuseAllBut(Set<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw invalid(isWord(name) ? name : "A field of the body", "is not taken here");
            }
        }
    }

    /** Clears the secret fields. */
    @Override
    public void close() {
        for (Object value : values.values()) {
            if (value instanceof byte[] bytes) {
                Arrays.fill(bytes, (byte) 0);
            } else if (value instanceof List<?> items) {
                items.forEach(item -> ((Fields) item).close());
            }
        }
    }

    /** The refusal of a field; the text names the field and the rule, never what was sent. */
    public static Refusal invalid(String name, String rule) {
        return Refusal.of(ErrorCode.INVALID_FIELD, name + " " + rule);
    }

    private static String plain(String name, String text, int most) {
        if (text.length() > most) {
            throw invalid(name, "is longer than " + most + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\n' && c != '\t' && c != '\r') {
                throw invalid(name, "holds characters that are not text");
            }
        }
        if (!isUnicode(text)) {
            throw invalid(name, "holds characters that are not text");
        }
        return text;
    }

    /** False when half of a surrogate pair stands alone. */
    static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && !paired(text, i)) {
                return false;
            }
        }
        return true;
    }

    /** What looks like a name is repeated in a refusal; what may have been pasted there by mistake is not. */
    private static boolean isWord(String name) {
        return name.length() <= 32 && name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
    }

    private static boolean paired(String text, int at) {
        char c = text.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
