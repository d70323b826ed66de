package com.fyvault.federation;

/** Text of a stranger as it may stand in a record: printable ASCII, everything else escaped, of bounded length. */
final class Shown {
    private static final int LONGEST = 256;

    private Shown() {}

    static String text(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && shown.length() < LONGEST; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 127 && c != '\\') {
                shown.append(c);
            } else {
                shown.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return shown.length() > LONGEST ? shown.substring(0, LONGEST) : shown.toString();
    }
}
