package com.fyvault.proofs.history;

import org.jspecify.annotations.Nullable;

/** The contents of a place from version 1 on; states that came from one another share what they have in common. */
final class Versions {
    static final Versions NONE = new Versions(null, "", 0);

    private final @Nullable Versions before;
    private final String content;
    private final long number;
    private final int hash;

    private Versions(@Nullable Versions before, String content, long number) {
        this.before = before;
        this.content = content;
        this.number = number;
        this.hash = before == null ? 17 : 31 * before.hash + content.hashCode();
    }

    Versions with(String next) {
        return new Versions(this, next, number + 1);
    }

    /** The number of the current version; 0 when there is none. */
    long current() {
        return number;
    }

    /** The content of the current version. */
    String content() {
        return content;
    }

    /** The content of a version; null when there is no such version. */
    @Nullable
    String content(long version) {
        if (version < 1 || version > number) {
            return null;
        }
        @Nullable Versions at = this;
        while (at != null && at.number != version) {
            at = at.before;
        }
        return at == null ? null : at.content;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Versions that) || hash != that.hash || number != that.number) {
            return false;
        }
        @Nullable Versions a = this;
        @Nullable Versions b = that;
        while (a != null && b != null && !sameObject(a, b)) {
            if (!a.content.equals(b.content)) {
                return false;
            }
            a = a.before;
            b = b.before;
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // What is shared needs no comparison.
    private static boolean sameObject(Versions a, Versions b) {
        return a == b;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return number + ":" + content;
    }
}
