package com.fyvault.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.support.Figures;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one node writes of a credential, another reads the same, or not at all. */
class FoundCodecTest {
    private static final int FUZZED = 100_000;

    private final MadeUpSnapshots snapshots = new MadeUpSnapshots(17);

    /** A component of a record that has to come back. */
    record Part(Class<? extends Record> owner, RecordComponent component) {
        @Override
        public String toString() {
            return owner.getSimpleName() + "." + component.getName();
        }
    }

    static Stream<Part> parts() {
        return Stream.of(
                        CredentialStore.Found.class,
                        Standing.class,
                        Credential.class,
                        Reach.class,
                        ScopeSet.class,
                        TokenHash.class)
                .flatMap(owner -> Arrays.stream(owner.getRecordComponents()).map(part -> new Part(owner, part)));
    }

    /** A component that the encoding leaves out makes two snapshots the same, or one other than it was. */
    @ParameterizedTest
    @MethodSource("parts")
    void everyFieldComesBackAsItWas(Part part) throws ReflectiveOperationException {
        for (int round = 0; round < 20; round++) {
            CredentialStore.Found found = snapshots.found();
            CredentialStore.Found other = (CredentialStore.Found) changed(found, part);
            assertThat(other).as("the test has changed it").isNotEqualTo(found);
            assertThat(roundTrip(found)).isEqualTo(found);
            assertThat(roundTrip(other)).isEqualTo(other);
        }
    }

    @Test
    void everyKindAndScopeAndDepthComesBack() {
        for (TokenKind kind : TokenKind.values()) {
            List<Credential> chain = new ArrayList<>();
            while (chain.size() < PostgresCredentialStore.DEEPEST) {
                chain.add(snapshots.credential(kind));
                CredentialStore.Found found = new CredentialStore.Found(
                        List.copyOf(chain), snapshots.standing(), snapshots.number(), snapshots.number());
                assertThat(roundTrip(found)).isEqualTo(found);
            }
        }
        for (Scope scope : Scope.values()) {
            CredentialStore.Found found = MadeUpSnapshots.plain(TokenKind.AGENT, "", ScopeSet.of(scope));
            assertThat(roundTrip(found)).isEqualTo(found);
        }
    }

    @Test
    void aChainThatIsTooDeepIsNotRead() {
        List<Credential> chain = new ArrayList<>();
        while (chain.size() <= PostgresCredentialStore.DEEPEST) {
            chain.add(snapshots.credential(TokenKind.SESSION));
        }
        assertThat(roundTrip(new CredentialStore.Found(chain, Standing.FULL, 1, 1)))
                .isNull();
    }

    @Test
    void whatIsTooLongIsNotWritten() {
        int longest = FoundCodec.MOST_BYTES;
        String label = "x".repeat(longest - length(labelled("")));
        CredentialStore.Found fits = labelled(label);
        assertThat(length(fits)).isEqualTo(longest);
        assertThat(roundTrip(fits)).isEqualTo(fits);
        assertThat(encode(labelled(label + "x"))).isNull();
        assertThat(encode(labelled("x".repeat(70_000)))).isNull();
    }

    @Test
    void theDecoderStandsWhateverItIsGiven() {
        CredentialStore.Found found = snapshots.found();
        int exceptions = 0;
        int wrong = 0;
        for (int i = 0; i < FUZZED; i++) {
            found = i % 100 == 0 ? snapshots.found() : found;
            byte[] content = snapshots.mutated(encode(found));
            try {
                CredentialStore.@Nullable Found read = FoundCodec.decode(content, hash(found), FoundCodecTest::noMask);
                // What it does read is written as the same bytes, or it has guessed.
                boolean same = read == null
                        || read.equals(FoundCodec.decode(encode(read), hash(found), FoundCodecTest::noMask));
                wrong += same ? 0 : 1;
            } catch (RuntimeException broken) {
                exceptions++;
            }
        }
        Figures.print(new Figures.Line(
                "T17",
                "mutated contents under a MAC that fits",
                FUZZED,
                FUZZED,
                wrong + exceptions,
                "misread=" + wrong + " exceptions=" + exceptions));
        assertThat(exceptions).isZero();
        assertThat(wrong).isZero();
    }

    @Test
    void aFormatOfALaterVersionIsLeftAlone() {
        CredentialStore.Found found = snapshots.found();
        byte[] content = encode(found);
        content[0]++;
        assertThat(FoundCodec.decode(content, hash(found), FoundCodecTest::noMask))
                .isNull();
    }

    /** The same snapshot with one component of one record in it another one. */
    private Object changed(Record value, Part part) throws ReflectiveOperationException {
        RecordComponent[] components = value.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Object now = components[i].getAccessor().invoke(value);
            boolean meant = value.getClass() == part.owner()
                    && components[i].getName().equals(part.component().getName());
            values[i] = meant ? other(components[i], now) : within(now, part);
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        return value.getClass().getDeclaredConstructor(types).newInstance(values);
    }

    private Object within(Object now, Part part) throws ReflectiveOperationException {
        if (now instanceof Record record && parts().anyMatch(known -> known.owner() == record.getClass())) {
            return changed(record, part);
        }
        if (now instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Credential) {
            List<Object> links = new ArrayList<>();
            for (Object link : list) {
                links.add(within(link, part));
            }
            return links;
        }
        return now;
    }

    /** Another value of the component's type; one that this does not know fails, so that a new field is not missed. */
    private Object other(RecordComponent component, Object now) {
        if (component.getName().equals("orgId")) {
            return new UUID(6, 6);
        }
        return switch (component.getGenericType().getTypeName()) {
            case "long" -> component.getName().equals("bits") ? (long) now ^ 1 : (long) now + 1;
            case "java.lang.String" -> now + "é";
            case "java.util.UUID" -> snapshots.id();
            case "java.time.Instant" -> now == null ? snapshots.instant() : ((Instant) now).plusNanos(1);
            case "java.util.List<java.util.UUID>" -> now.equals(List.of()) ? List.of(snapshots.id()) : List.of();
            case "java.util.List<java.lang.String>" -> now.equals(List.of()) ? List.of("A", "b*") : List.of();
            case "java.util.List<com.fyvault.tokens.Credential>" -> List.of(snapshots.credential(TokenKind.DEVICE));
            default -> otherOfOurs(component, now);
        };
    }

    private Object otherOfOurs(RecordComponent component, Object now) {
        if (component.getType() == TokenHash.class) {
            return snapshots.hash();
        }
        if (component.getType() == TokenKind.class) {
            return now == TokenKind.DEVICE ? TokenKind.SESSION : TokenKind.DEVICE;
        }
        if (component.getType() == ScopeSet.class) {
            return new ScopeSet(((ScopeSet) now).bits() ^ 2);
        }
        if (component.getType() == Reach.class) {
            return now.equals(Reach.EVERYWHERE) ? snapshots.reach() : Reach.EVERYWHERE;
        }
        if (component.getType() == Standing.class) {
            return now.equals(Standing.FULL) ? snapshots.standing() : Standing.FULL;
        }
        if (component.getType() == Role.class) {
            return now == Role.MEMBER ? Role.VIEWER : Role.MEMBER;
        }
        if (component.getType() == ProjectScopes.class) {
            return new ProjectScopes(
                    ScopeSet.of(Scope.SECRETS_READ), ScopeSet.of(), Map.of(snapshots.id(), ScopeSet.all()));
        }
        if (component.getType() == Policy.class) {
            return now.equals(Policy.NONE) ? new Policy(1, true, List.of("10.0.0.0/8")) : Policy.NONE;
        }
        if (component.getType() == ErrorCode.class) {
            return now == ErrorCode.ORG_LOCKED ? ErrorCode.TOKEN_REVOKED : ErrorCode.ORG_LOCKED;
        }
        throw new AssertionError("a field of a new type: encode it in FoundCodec, and vary it here: " + component);
    }

    private static CredentialStore.@Nullable Found roundTrip(CredentialStore.Found found) {
        return FoundCodec.decode(encode(found), hash(found), FoundCodecTest::noMask);
    }

    private static byte @Nullable [] encode(CredentialStore.Found found) {
        return FoundCodec.encode(found, FoundCodecTest::noMask);
    }

    private static CredentialStore.Found labelled(String label) {
        return MadeUpSnapshots.plain(TokenKind.API_KEY, label, ScopeSet.all());
    }

    private static int length(CredentialStore.Found found) {
        return encode(found).length;
    }

    private static TokenHash hash(CredentialStore.Found found) {
        return found.chain().get(0).hash();
    }

    private static TokenHash noMask(int slot) {
        return new TokenHash(0, 0, 0, 0);
    }
}
