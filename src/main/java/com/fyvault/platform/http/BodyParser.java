package com.fyvault.platform.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From the bytes of a body to its fields, within bounds. Fields that hold a secret stay bytes. */
final class BodyParser {
    private static final Set<String> SECRET =
            Set.of("value", "clientEncryptedValue", "password", "currentPassword", "newPassword", "text");
    /** A null here is no absent field: it takes away what is there, as an empty text does. */
    private static final Set<String> EMPTIED = Set.of("providerId", "webhookUrl");

    private static final String ITEMS = "items";

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

    private BodyParser() {}

    /** The fields by their camel-case names. Refuses what is not one JSON object. */
    static Map<String, Object> parse(byte[] body) {
        Map<String, Object> values = new LinkedHashMap<>();
        try (JsonParser parser = STRICT.createParser(body)) {
            parser.setCodec(MAPPER);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Refusal.of(ErrorCode.MALFORMED_JSON);
            }
            readFields(parser, values);
            if (parser.nextToken() != null) {
                throw Refusal.of(ErrorCode.MALFORMED_JSON);
            }
            return values;
        } catch (StreamConstraintsException tooMuch) {
            throw Refusal.of(ErrorCode.MALFORMED_JSON, "The body is nested too deep or has a part that is too long");
        } catch (IOException malformed) {
            throw Refusal.of(ErrorCode.MALFORMED_JSON);
        }
    }

    private static void readFields(JsonParser parser, Map<String, Object> values) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            readField(parser, values);
        }
    }

    /** A list of objects that hold secrets, which a tree would make Strings of. */
    private static List<Fields> items(JsonParser parser, String name) throws IOException {
        List<Fields> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw Fields.invalid(name, "must be a list of objects");
            }
            Map<String, Object> values = new LinkedHashMap<>();
            readFields(parser, values);
            items.add(new Fields(values));
        }
        return items;
    }

    private static void readField(JsonParser parser, Map<String, Object> values) throws IOException {
        String name = camel(parser.currentName());
        JsonToken token = parser.nextToken();
        @Nullable
        Object value = switch (token) {
            case VALUE_NULL -> EMPTIED.contains(name) ? "" : null;
            case VALUE_STRING -> SECRET.contains(name) ? secret(parser, name) : parser.getText();
            case VALUE_NUMBER_INT -> integer(parser, name);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case START_ARRAY -> ITEMS.equals(name) ? items(parser, name) : parser.readValueAsTree();
            case START_OBJECT -> parser.readValueAsTree();
            default -> parser.getText().isEmpty() ? "" : parser.getDecimalValue();
        };
        if (value != null && values.putIfAbsent(name, value) != null) {
            throw Fields.invalid(name, "is given twice");
        }
    }

    private static Long integer(JsonParser parser, String name) throws IOException {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw Fields.invalid(name, "is too large");
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
            throw Fields.invalid(name, "is not valid Unicode");
        }
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
