package com.fyvault.leaks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of reports: UTF-8, no name twice. No text of theirs is repeated in a refusal. */
final class ReportReader {
    /** Entries of a report. */
    static final int MOST = 2_000;
    /** Characters of what is reported. */
    static final int LONGEST_TOKEN = 64 * 1_024;

    static final int LONGEST_TYPE = 128;
    /** Of their words so much is kept. */
    static final int LONGEST_URL = 1_000;

    private static final int LONGEST_SOURCE = 64;
    private static final Set<String> OWN_FIELDS = Set.of("token", "type", "url", "source");

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNumberLength(32)
                    .maxNameLength(256)
                    .maxTokenCount(MOST * 32L)
                    .build())
            .build();
    private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

    private ReportReader() {}

    /** A signed list; fields that are not known here may be there. */
    static List<Report> list(byte[] body) {
        @Nullable JsonNode list = parse(body);
        if (list == null || !list.isArray()) {
            throw Refusal.of(ErrorCode.MALFORMED_JSON, "The body is not a JSON array");
        }
        if (list.size() > MOST) {
            throw Fields.invalid("The list", "has more than " + MOST + " entries");
        }
        List<Report> reports = new ArrayList<>(list.size());
        list.forEach(entry -> reports.add(report(entry)));
        return reports;
    }

    /** One report. */
    static Report one(byte[] body) {
        @Nullable JsonNode entry = parse(body);
        if (entry == null || !entry.isObject()) {
            throw Refusal.of(ErrorCode.MALFORMED_JSON);
        }
        for (Iterator<String> names = entry.fieldNames(); names.hasNext(); ) {
            if (!OWN_FIELDS.contains(names.next())) {
                throw Fields.invalid("A field of the body", "is not taken here");
            }
        }
        return report(entry);
    }

    private static Report report(JsonNode entry) {
        @Nullable String token = text(entry, "token");
        if (token == null || token.isEmpty() || token.length() > LONGEST_TOKEN) {
            throw Fields.invalid("token", "is a text of 1 to " + LONGEST_TOKEN + " characters");
        }
        @Nullable String type = text(entry, "type");
        if (type != null && type.length() > LONGEST_TYPE) {
            throw Fields.invalid("type", "is longer than " + LONGEST_TYPE + " characters");
        }
        return new Report(
                token,
                type == null ? "" : type,
                words(text(entry, "url"), LONGEST_URL),
                words(text(entry, "source"), LONGEST_SOURCE));
    }

    private static @Nullable String text(JsonNode entry, String name) {
        JsonNode value = entry.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw Fields.invalid(name, "must be a string");
        }
        return value.textValue();
    }

    /** One line of printable characters, cut off where it gets long: people read it, and it goes into mails. */
    static @Nullable String words(@Nullable String text, int most) {
        if (text == null) {
            return null;
        }
        StringBuilder words = new StringBuilder();
        text.codePoints()
                .limit(most)
                .map(c -> Character.isISOControl(c) || isHalf(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
                .forEach(words::appendCodePoint);
        return words.toString();
    }

    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static @Nullable JsonNode parse(byte[] utf8) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            try (JsonParser parser = FACTORY.createParser(text)) {
                @Nullable JsonNode node = MAPPER.readTree(parser);
                return node != null && parser.nextToken() == null ? node : null;
            }
        } catch (IOException malformed) {
            return null;
        }
    }
}
