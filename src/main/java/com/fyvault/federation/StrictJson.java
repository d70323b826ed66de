package com.fyvault.federation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * JSON that strangers wrote: one object, UTF-8, no name twice at any depth, nothing behind it. Two readers
 * that took different ones of two names would see different tokens.
 */
final class StrictJson {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            // Names are chosen by strangers, and the table of interned strings is for good.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxNumberLength(32)
                    .maxNameLength(256)
                    .maxTokenCount(4_000)
                    .build())
            .build();
    private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

    private StrictJson() {}

    /** The object, or null for anything else. */
    static @Nullable ObjectNode object(byte[] utf8) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            return object(text);
        } catch (IOException malformed) {
            return null;
        }
    }

    /** The same of text. */
    static @Nullable ObjectNode object(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonNode node = MAPPER.readTree(parser);
            return node instanceof ObjectNode object && parser.nextToken() == null ? object : null;
        } catch (IOException malformed) {
            return null;
        }
    }
}
