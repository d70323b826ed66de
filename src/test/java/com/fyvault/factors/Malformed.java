package com.fyvault.factors;

import java.util.List;

/** Forty ways to write a right code that are not the right code. */
final class Malformed {
    private Malformed() {}

    static List<String> of(String code) {
        String front = code.substring(0, 3);
        String back = code.substring(3);
        return List.of(
                " " + code,
                code + " ",
                " " + code + " ",
                front + " " + back,
                code + "\n",
                "\n" + code,
                code + "\r\n",
                code + "\t",
                code + "\u00a0",
                code + "\u200b",
                "\ufeff" + code,
                front + "\u2009" + back,
                front + "\u00ad" + back,
                front + "-" + back,
                front + "." + back,
                front + "," + back,
                front + "_" + back,
                code + "\0",
                "0" + code,
                code + "0",
                code + code,
                code.substring(1),
                code.substring(0, 5),
                front,
                "+" + code.substring(1),
                "-" + code.substring(1),
                "+" + code,
                "-" + code,
                "0x" + code,
                code + "e0",
                code + ".0",
                code + "L",
                "\"" + code + "\"",
                "'" + code + "'",
                shifted(code, 0xff10),
                shifted(code, 0x0660),
                shifted(code, 0x06f0),
                shifted(code, 0x0966),
                front + shifted(back, 0xff10),
                "%3" + code.charAt(0) + code.substring(1));
    }

    /** The same digits of another script. */
    private static String shifted(String digits, int zero) {
        StringBuilder text = new StringBuilder();
        digits.chars().forEach(digit -> text.appendCodePoint(zero + digit - '0'));
        return text.toString();
    }
}
