package com.fyvault.factors;

/// Base 32 (RFC 4648, section 6) without padding: what authenticator apps take, and what people can type.
final class Base32 {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BITS = 5;

    private Base32() {}

    static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder((bytes.length * 8 + BITS - 1) / BITS);
        int held = 0;
        int bits = 0;
        for (byte value : bytes) {
            held = held << 8 | (value & 0xff);
            bits += 8;
            while (bits >= BITS) {
                bits -= BITS;
                text.append(ALPHABET.charAt(held >> bits & 31));
            }
        }
        if (bits > 0) {
            text.append(ALPHABET.charAt(held << (BITS - bits) & 31));
        }
        return text.toString();
    }
}
