package com.fyvault.secrets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The body of a value answer, written straight from the plaintext's bytes: no String, no tree. The
 * plaintext is valid UTF-8, which it was when it was stored, so only quotes, backslashes and control
 * characters need escaping (RFC 8259, 7).
 */
final class ValueAnswer {
    private static final byte[] HEAD = ascii("{\"success\":true,\"data\":{\"name\":\"");
    private static final byte[] VALUE = ascii("\",\"value\":\"");
    private static final byte[] VERSION = ascii("\",\"version\":");
    private static final byte[] TAIL = ascii("}}");
    private static final byte[] LIST_HEAD = ascii("{\"success\":true,\"data\":[");
    private static final byte[] FIRST = ascii("{\"name\":\"");
    private static final byte[] NEXT = ascii(",{\"name\":\"");
    private static final byte[] LIST_TAIL = ascii("]}");
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final int LONGEST_VERSION = 20;

    private ValueAnswer() {}

    /** {@code {"success":true,"data":{"name":..,"value":..,"version":..}}}. */
    static Buffer render(String name, byte[] value, long version) {
        int fixed = HEAD.length + VALUE.length + VERSION.length + TAIL.length + LONGEST_VERSION;
        ByteBuf out = Unpooled.buffer(fixed + name.length() + value.length + (value.length >> 4) + 16);
        out.writeBytes(HEAD);
        out.writeCharSequence(name, StandardCharsets.US_ASCII);
        out.writeBytes(VALUE);
        escape(out, value);
        out.writeBytes(VERSION);
        out.writeCharSequence(Long.toString(version), StandardCharsets.US_ASCII);
        out.writeBytes(TAIL);
        return BufferInternal.buffer(out);
    }

    /** {@code {"success":true,"data":[{"name":..,"value":..,"version":..},..]}}; each plaintext is cleared once written. */
    static Buffer renderAll(List<SecretStore.Sealed> values, Function<SecretStore.Sealed, byte[]> opener) {
        ByteBuf out = Unpooled.buffer(LIST_HEAD.length + values.size() * 128);
        out.writeBytes(LIST_HEAD);
        for (SecretStore.Sealed value : values) {
            out.writeBytes(out.readableBytes() == LIST_HEAD.length ? FIRST : NEXT);
            out.writeCharSequence(value.secret().name(), StandardCharsets.US_ASCII);
            out.writeBytes(VALUE);
            byte[] plaintext = opener.apply(value);
            escape(out, plaintext);
            Arrays.fill(plaintext, (byte) 0);
            out.writeBytes(VERSION);
            out.writeCharSequence(Long.toString(value.secret().version()), StandardCharsets.US_ASCII);
            out.writeByte('}');
        }
        out.writeBytes(LIST_TAIL);
        return BufferInternal.buffer(out);
    }

    /** Writes UTF-8 bytes as the inside of a JSON string. */
    static void escape(ByteBuf out, byte[] text) {
        int from = 0;
        for (int i = 0; i < text.length; i++) {
            byte b = text[i];
            if ((b >= 0 && b < ' ') || b == '"' || b == '\\') {
                out.writeBytes(text, from, i - from);
                escape(out, b);
                from = i + 1;
            }
        }
        out.writeBytes(text, from, text.length - from);
    }

    private static void escape(ByteBuf out, byte b) {
        out.writeByte('\\');
        if (b == '"' || b == '\\') {
            out.writeByte(b);
        } else if (b == '\n') {
            out.writeByte('n');
        } else {
            out.writeByte('u').writeByte('0').writeByte('0');
            out.writeByte(HEX[b >> 4]).writeByte(HEX[b & 15]);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
