package com.fyvault.platform.http;

/** A request answered with an {@link ErrorCode}. It carries no stack trace: it is an answer, not a bug. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    private Refusal(ErrorCode code, String text) {
        super(text, null, false, false);
        this.code = code;
    }

    /** The refusal with the code's own text. */
    public static Refusal of(ErrorCode code) {
        return new Refusal(code, code.text());
    }

    /** The refusal with a text that says more. It is sent to the caller: it must name rules and fields, never values. */
    public static Refusal of(ErrorCode code, String publicText) {
        return new Refusal(code, publicText);
    }

    public ErrorCode code() {
        return code;
    }

    /** The text for the caller. */
    public String publicText() {
        return String.valueOf(getMessage());
    }
}
