package com.fyvault.tokens;

/// What a bearer token is, told by its prefix. No prefix is the start of another.
public enum TokenKind {
    API_KEY("fv_live_"),
    TEST_KEY("fv_test_"),
    PUBLIC_KEY("fvpub_"),
    SESSION("fvsess_"),
    AGENT("fvag_"),
    PROVIDER("fvprov_"),
    BREAK_GLASS("fvbg_"),
    DEVICE("fvdev_"),
    /// A trust rule: a parent of sessions whose own token nobody has, not even its maker.
    FEDERATION("fvrule_"),
    /// What a person's login is in one organization. The bearer is a login token or a cookie: nobody has this one's
    /// text.
    LOGIN("fvlogin_");

    private final String prefix;

    TokenKind(String prefix) {
        this.prefix = prefix;
    }

    public String prefix() {
        return prefix;
    }
}
