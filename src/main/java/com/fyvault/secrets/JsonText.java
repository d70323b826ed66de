package com.fyvault.secrets;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Text for JSON straight from bytes: a value never becomes a String. */
final class JsonText {
    private static final byte[] HEX = ascii("0123456789abcdef");

    private JsonText() {}

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

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
