package com.fyvault.platform.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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
    private static final Set<String> SECRET = Set.of("value", "clientEncryptedValue");
    private static final int DEEPEST = 32;
    private static final JsonFactory STRICT = new JsonFactoryBuilder()
            // Names are chosen by strangers, and the table of interned strings is for good.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(32)
                    .maxNameLength(256)
                    .maxStringLength(8 * 1024 * 1024)
                    .maxTokenCount(10_000)
                    .build())
            .build();
    private static final ObjectMapper MAPPER = JsonMapper.builder(STRICT)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Map<String, Object> values;

    private Fields(Map<String, Object> values) {
        this.values = values;
    }

    /** No fields, as an empty body has. */
    public static Fields none() {
        return new Fields(Map.of());
    }

    /** Parses a body; an empty one has no fields. Refuses what is not one JSON object. */
    public static Fields parse(byte[] body) {
        if (body.length == 0) {
            return none();
        }
        Map<String, Object> values = new LinkedHashMap<>();
        try (JsonParser parser = STRICT.createParser(body)) {
            parser.setCodec(MAPPER);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Refusal.of(ErrorCode.MALFORMED_JSON);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                readField(parser, values);
            }
            if (parser.nextToken() != null) {
                throw Refusal.of(ErrorCode.MALFORMED_JSON);
            }
            return new Fields(values);
        } catch (StreamConstraintsException tooMuch) {
            throw Refusal.of(ErrorCode.MALFORMED_JSON, "The body is nested too deep or has a part that is too long");
        } catch (IOException malformed) {
            throw Refusal.of(ErrorCode.MALFORMED_JSON);
        }
    }

    private static void readField(JsonParser parser, Map<String, Object> values) throws IOException {
        String name = camel(parser.currentName());
        JsonToken token = parser.nextToken();
        @Nullable
        Object value = switch (token) {
            case VALUE_NULL -> null;
            case VALUE_STRING -> SECRET.contains(name) ? secret(parser, name) : parser.getText();
            case VALUE_NUMBER_INT -> integer(parser, name);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case START_ARRAY, START_OBJECT -> parser.readValueAsTree();
            default -> parser.getText().isEmpty() ? "" : parser.getDecimalValue();
        };
        if (value != null && values.putIfAbsent(name, value) != null) {
            throw invalid(name, "is given twice");
        }
    }

    private static Long integer(JsonParser parser, String name) throws IOException {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw invalid(name, "is too large");
        }
        return parser.getLongValue();
    }

    private static byte[] secret(JsonParser parser, String name) throws IOException {
        CharBuffer text = CharBuffer.wrap(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(text);
            byte[] bytes = new byte[utf8.remaining()];
            utf8.get(bytes).clear();
            utf8.put(new byte[utf8.capacity()]);
            return bytes;
        } catch (CharacterCodingException loneSurrogate) {
            throw invalid(name, "is not valid Unicode");
        }
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

    private static String camel(String name) {
        if (name.indexOf('_') < 0) {
            return name;
        }
        StringBuilder camel = new StringBuilder(name.length());
        boolean up = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_' && !camel.isEmpty()) {
                up = true;
            } else {
                camel.append(up ? Character.toUpperCase(c) : c);
                up = false;
            }
        }
        return camel.toString();
    }
}
