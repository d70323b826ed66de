package com.fyvault.bench;

import java.io.IOException;
import java.util.Arrays;

/** The command `fyvault bench`. `micro` runs the JMH benchmarks of this source set, with JMH's own arguments. */
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] args) throws IOException {
        if (args.length == 0 || !args[0].equals("micro")) {
            throw new IllegalArgumentException("usage: fyvault bench micro [JMH arguments; -h lists them]");
        }
        org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
    }
}
