package com.fyvault.scan;

/** Shannon's entropy of a text by how often each of its characters stands in it: 0 for one character, 6 for 64 different. */
final class Entropy {
    private static final double LN_2 = Math.log(2);

    private Entropy() {}

    /** Bits a character. */
    static double of(CharSequence text) {
        int[] counts = new int[256];
        for (int i = 0; i < text.length(); i++) {
            counts[text.charAt(i) & 0xff]++;
        }
        double bits = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / text.length();
                bits -= share * Math.log(share) / LN_2;
            }
        }
        return bits;
    }
}
