package com.fyvault.people;

/** A mail to one person. Its text may hold a token, so it prints nothing. */
public record Mail(String to, String subject, String text) {
    @Override
    public String toString() {
        return "Mail[..]";
    }
}
