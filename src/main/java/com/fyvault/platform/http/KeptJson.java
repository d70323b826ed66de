package com.fyvault.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a request that is stored and given back. It has to come back as it was, so what the
 * way through PostgreSQL's jsonb and our own parser would change is refused: numbers that a double does
 * not hold, or that jsonb would write out in many digits, and text that is not Unicode.
 */
final class KeptJson {
    /** Digits of a number that is written out in full. */
    private static final int MOST_DIGITS = 40;

    private final String name;
    private final int mostBytes;

    KeptJson(String name, int mostBytes) {
        this.name = name;
        this.mostBytes = mostBytes;
    }

    /** The object's text. */
    String text(JsonNode object) {
        check(object);
        String text = object.toString();
        if (text.length() > mostBytes || text.getBytes(StandardCharsets.UTF_8).length > mostBytes) {
            throw Fields.invalid(name, "must be an object of at most " + mostBytes + " bytes");
        }
        return text;
    }

    private void check(JsonNode node) {
        if (node.isTextual()) {
            checkText(node.textValue());
        } else if (node.isBigDecimal() && !isKept(node.decimalValue())) {
            throw Fields.invalid(name, "holds a number that would not be kept exactly; send it as a string");
        }
        Iterator<String> names = node.fieldNames();
        while (names.hasNext()) {
            checkText(names.next());
        }
        node.forEach(this::check);
    }

    private void checkText(String text) {
        @Nullable String wrong = text.indexOf('\0') >= 0 ? "NUL" : Fields.isUnicode(text) ? null : "half a character";
        if (wrong != null) {
            throw Fields.invalid(name, "holds " + wrong);
        }
    }

    private static boolean isKept(BigDecimal number) {
        // First the scale: writing out 1e999999999 is what must not happen.
        return Math.abs((long) number.scale()) + number.precision() <= MOST_DIGITS
                && new BigDecimal(Double.toString(number.doubleValue())).compareTo(number) == 0;
    }
}
