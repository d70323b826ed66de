package com.fyvault.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/// Argon2id (RFC 9106) with 19 MiB, two passes and one lane, as OWASP advises at the least; about 100 ms of a core.
///
/// A hash is a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, so that one made with other costs still verifies
/// with its own. Costs above four times the present ones are refused: nobody who writes to the database shall make the
/// server work for minutes.
public final class Argon2id {
    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_LENGTH = 16;
    private static final int HASH_LENGTH = 32;
    private static final int MOST_TIMES = 4;
    /// Blocks that a hash needs beside its memory, of 1 KiB each, and some to spare.
    private static final int SPARE = 8;
    /// The memory of one hash, kept and cleared after each: with new memory for each, 40 hashes made the collector stop
    /// everybody 3 or 4 times (docs/BENCHMARKS.md). Hashes at the same time have memory of their own.
    private static final BlockPool MEMORY = new Argon2BytesGenerator.FixedBlockPool(MEMORY_KIB + SPARE);

    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

    private record Costs(int memory, int passes, int lanes) {
        boolean isSane() {
            return memory >= 8 * lanes
                    && memory <= MOST_TIMES * MEMORY_KIB
                    && passes >= 1
                    && passes <= MOST_TIMES * PASSES
                    && lanes >= 1
                    && lanes <= MOST_TIMES * LANES;
        }
    }

    private record Parsed(Costs costs, byte[] salt, byte[] hash) {}

    private Argon2id() {}

    /// A new hash of the password under a salt of its own.
    public static String hash(byte[] password, SecureRandom random) {
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        byte[] hash = compute(password, new Costs(MEMORY_KIB, PASSES, LANES), salt, HASH_LENGTH);
        return "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + "$" + ENCODER.encodeToString(salt)
                + "$" + ENCODER.encodeToString(hash);
    }

    /// Whether the hash is the password's; false also for a text that is no hash.
    public static boolean verify(byte[] password, String phc) {
        @Nullable Parsed parsed = parse(phc);
        if (parsed == null) {
            return false;
        }
        byte[] computed = compute(password, parsed.costs(), parsed.salt(), parsed.hash().length);
        boolean same = ConstantTime.equal(computed, parsed.hash());
        Arrays.fill(computed, (byte) 0);
        return same;
    }

    private static @Nullable Parsed parse(String phc) {
        String[] parts = phc.split("\\$", -1);
        if (parts.length != 6
                || !parts[0].isEmpty()
                || !parts[1].equals("argon2id")
                || !parts[2].equals("v=19")
                || !parts[3].matches("m=[0-9]{1,6},t=[0-9]{1,2},p=[0-9]{1,2}")) {
            return null;
        }
        String[] costs = parts[3].split("[=,]", -1);
        try {
            Costs read = new Costs(Integer.parseInt(costs[1]), Integer.parseInt(costs[3]), Integer.parseInt(costs[5]));
            byte[] salt = Base64.getDecoder().decode(parts[4]);
            byte[] hash = Base64.getDecoder().decode(parts[5]);
            boolean sized = salt.length >= 8 && salt.length <= 64 && hash.length >= 16 && hash.length <= 64;
            return sized && read.isSane() ? new Parsed(read, salt, hash) : null;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private static byte[] compute(byte[] password, Costs costs, byte[] salt, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(costs.memory())
                .withIterations(costs.passes())
                .withParallelism(costs.lanes())
                .withSalt(salt)
                .withBlockPool(MEMORY)
                .build());
        byte[] hash = new byte[length];
        int _ = generator.generateBytes(password, hash);
        return hash;
    }
}
