package com.fyvault.tokens;

/// A token just made: the only moment its text exists on the server. Print it to its owner once, store the rest.
public final class MintedToken {
    private final TokenKind kind;
    private final String text;
    private final TokenHash hash;

    MintedToken(TokenKind kind, String text, TokenHash hash) {
        this.kind = kind;
        this.text = text;
        this.hash = hash;
    }

    public TokenKind kind() {
        return kind;
    }

    /// The token itself, for its owner.
    public String exposeText() {
        return text;
    }

    public TokenHash hash() {
        return hash;
    }

    /// Kept for display. They belong to the checksum, so they give away less than 24 of the 256 bits.
    public String lastFour() {
        return text.substring(text.length() - 4);
    }

    @Override
    public String toString() {
        return "MintedToken[" + kind + " .." + lastFour() + "]";
    }
}
