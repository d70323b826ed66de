package com.fyvault;

/** The command line. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        if (args.length > 0) {
            throw new IllegalArgumentException("no commands yet");
        }
    }
}
