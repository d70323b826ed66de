package com.fyvault.tokens;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.support.SeededRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Snapshots of credentials as a look-up gives them, made up from a seed. */
final class MadeUpSnapshots {
    static final UUID ORG = new UUID(5, 5);

    private final SeededRandom random;

    MadeUpSnapshots(long seed) {
        this.random = new SeededRandom(seed);
    }

    CredentialStore.Found found() {
        int depth = 2 + random.nextInt(PostgresCredentialStore.DEEPEST - 1);
        List<Credential> chain = IntStream.range(0, depth)
                .mapToObj(i -> credential(any(TokenKind.values())))
                .toList();
        return new CredentialStore.Found(chain, standing(), random.nextLong() >>> 1, random.nextLong() >>> 1);
    }

    Credential credential(TokenKind kind) {
        return new Credential(
                ORG,
                id(),
                hash(),
                kind,
                text(),
                text(),
                new ScopeSet(random.nextLong() & ScopeSet.all().bits()),
                reach(),
                text(),
                maybe(id()),
                maybe(id()),
                maybe(id()),
                hash(),
                text(),
                instant(),
                maybe(instant()),
                maybe(instant()),
                maybe(instant()));
    }

    Standing standing() {
        return new Standing(
                new ScopeSet(random.nextLong() & ScopeSet.all().bits()),
                random.nextBoolean() ? null : any(ErrorCode.values()),
                any(Role.values()),
                maybe(projects()),
                new Policy(
                        random.nextInt(4_000),
                        random.nextBoolean(),
                        IntStream.range(0, random.nextInt(4))
                                .mapToObj(i -> text())
                                .toList()));
    }

    private ProjectScopes projects() {
        return new ProjectScopes(
                scopes(),
                scopes(),
                IntStream.range(0, random.nextInt(4)).boxed().collect(Collectors.toMap(i -> id(), i -> scopes())));
    }

    private ScopeSet scopes() {
        return new ScopeSet(random.nextLong() & ScopeSet.all().bits());
    }

    Reach reach() {
        return new Reach(
                IntStream.range(0, random.nextInt(4)).mapToObj(i -> id()).toList(),
                IntStream.range(0, random.nextInt(4)).mapToObj(i -> id()).toList(),
                IntStream.range(0, random.nextInt(4)).mapToObj(i -> text()).toList(),
                IntStream.range(1, 2 + random.nextInt(4)).mapToObj(i -> text()).toList());
    }

    byte[] mutated(byte[] bytes) {
        byte[] mutated = switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
            default -> bytes.clone();
        };
        if (mutated.length == bytes.length) {
            for (int i = random.nextInt(8); i >= 0; i--) {
                mutated[random.nextInt(mutated.length)] += (byte) (1 + random.nextInt(255));
            }
        }
        return Arrays.equals(mutated, bytes) ? new byte[] {bytes[0]} : mutated;
    }

    TokenHash hash() {
        return new TokenHash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private String text() {
        return "é€\uD83D\uDD11a*\u0000".substring(0, 1 + random.nextInt(2)) + random.nextLong();
    }

    Instant instant() {
        return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    }

    private <T> @Nullable T maybe(T value) {
        return random.nextBoolean() ? value : null;
    }

    /** One credential of that kind and nothing else that takes room. */
    static CredentialStore.Found plain(TokenKind kind, String label, ScopeSet scopes) {
        Credential one = new Credential(
                ORG,
                new UUID(1, 1),
                new TokenHash(1, 2, 3, 4),
                kind,
                label,
                "last",
                scopes,
                Reach.EVERYWHERE,
                "{}",
                null,
                null,
                null,
                null,
                "system",
                Instant.MIN,
                null,
                null,
                Instant.MAX);
        return new CredentialStore.Found(List.of(one), Standing.FULL, 1, 1);
    }

    long number() {
        return random.nextLong();
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
