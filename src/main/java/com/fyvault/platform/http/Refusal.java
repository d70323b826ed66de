package com.fyvault.platform.http;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A request answered with an {@link ErrorCode}. It carries no stack trace: it is an answer, not a bug. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    // A TreeMap: what can be thrown can be written out.
    private final TreeMap<String, String> headers;

    private Refusal(ErrorCode code, String text, Map<String, String> headers) {
        super(text, null, false, false);
        this.code = code;
        this.headers = new TreeMap<>(headers);
    }

    /** The refusal with the code's own text. */
    public static Refusal of(ErrorCode code) {
        return new Refusal(code, code.text(), Map.of());
    }

    /** The refusal with a text that says more. It is sent to the caller: it must name rules and fields, never values. */
    public static Refusal of(ErrorCode code, String publicText) {
        return new Refusal(code, publicText, Map.of());
    }

    /** The same, with headers that belong to it. */
    public Refusal withHeaders(Map<String, String> more) {
        return new Refusal(code, publicText(), more);
    }

    /** Headers of the answer, by lower-case name. */
    public Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }

    public ErrorCode code() {
        return code;
    }

    /** The text for the caller. */
    public String publicText() {
        return String.valueOf(getMessage());
    }
}
