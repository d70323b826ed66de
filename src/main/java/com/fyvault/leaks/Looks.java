package com.fyvault.leaks;

/** What a text may be by its looks. */
enum Looks {
    /** A token of an organization. */
    TOKEN,
    /** A login's token: a person's own, in a program or a browser. */
    LOGIN,
    /** Good for one step of a person: a mailed link, a login that waits for its second factor, a known browser. */
    ERRAND,
    HANDLE,
    INVITATION,
    /** Signs webhooks, ours or somebody else's; it may be a stored value as well. */
    SIGNING_SECRET,
    /** Anything else: a stored value, if anything. */
    VALUE
}
