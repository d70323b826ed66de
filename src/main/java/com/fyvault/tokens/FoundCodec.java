package com.fyvault.tokens;

import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A credential with its ancestors as bytes, for nodes of one installation.
 *
 * <p>Format 2: the byte 2, epoch, database time, what the organization and the owners leave, organization, number of credentials, then each of them with
 * every field in the order of the record. Numbers are big-endian; a text is its length (two bytes) and UTF-8,
 * a list its length and its members, and what may be null begins with 0 or 1. Kinds and scopes go by name, so
 * that a later version which orders them otherwise reads the same. A change of this layout, or of a field's
 * meaning, takes the next number: a node reads its own only.
 *
 * <p>The first credential's hash is not written, because the reader has it; the others are masked.
 */
final class FoundCodec {
    /** The longest encoding; what is longer stays in PostgreSQL. */
    static final int MOST_BYTES = 16_384;

    private static final byte FORMAT = 2;
    private static final int MOST_LIST = 0xffff;

    private FoundCodec() {}

    /** The bytes, or null when they would be too many. */
    static byte @Nullable [] encode(CredentialStore.Found found, IntFunction<TokenHash> masks) {
        ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
        try {
            out.put(FORMAT).putLong(found.epoch()).putLong(found.nowMicros());
            StandingCodec.put(out, found.standing());
            put(out, found.chain().get(0).orgId());
            out.put((byte) found.chain().size());
            for (int i = 0; i < found.chain().size(); i++) {
                Credential link = found.chain().get(i);
                if (i > 0) {
                    put(out, xor(link.hash(), masks.apply(2 * i)));
                }
                put(out, link, masks.apply(2 * i + 1));
            }
        } catch (BufferOverflowException tooLong) {
            return null;
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** What {@link #encode} was given, or null for anything that it has not made. */
    static CredentialStore.@Nullable Found decode(byte[] bytes, TokenHash hash, IntFunction<TokenHash> masks) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            if (in.get() != FORMAT) {
                return null;
            }
            long epoch = in.getLong();
            long nowMicros = in.getLong();
            Standing standing = StandingCodec.standing(in);
            UUID orgId = uuid(in);
            int links = in.get();
            if (links < 1 || links > PostgresCredentialStore.DEEPEST) {
                return null;
            }
            List<Credential> chain = new ArrayList<>(links);
            for (int i = 0; i < links; i++) {
                TokenHash own = i == 0 ? hash : xor(hash(in), masks.apply(2 * i));
                chain.add(credential(in, orgId, own, masks.apply(2 * i + 1)));
            }
            return in.hasRemaining() ? null : new CredentialStore.Found(chain, standing, epoch, nowMicros);
        } catch (BufferUnderflowException | IllegalArgumentException | DateTimeException malformed) {
            return null;
        }
    }

    private static void put(ByteBuffer out, Credential link, TokenHash mask) {
        put(out, link.id());
        put(out, link.kind().name());
        put(out, link.label());
        put(out, link.last4());
        put(out, link.scopes().names(), FoundCodec::put);
        put(out, link.reach().projectIds(), FoundCodec::put);
        put(out, link.reach().environmentIds(), FoundCodec::put);
        put(out, link.reach().secretPatterns(), FoundCodec::put);
        put(out, link.reach().cidrs(), FoundCodec::put);
        put(out, link.limits());
        putNullable(out, link.ownerUserId(), FoundCodec::put);
        putNullable(out, link.ownerTeamId(), FoundCodec::put);
        putNullable(out, link.parentId(), FoundCodec::put);
        putNullable(out, link.parentToken(), (to, token) -> put(to, xor(token, mask)));
        put(out, link.createdBy());
        put(out, link.createdAt());
        putNullable(out, link.expiresAt(), FoundCodec::put);
        putNullable(out, link.revokedAt(), FoundCodec::put);
        putNullable(out, link.lastUsedAt(), FoundCodec::put);
    }

    private static Credential credential(ByteBuffer in, UUID orgId, TokenHash hash, TokenHash mask) {
        return new Credential(
                orgId,
                uuid(in),
                hash,
                TokenKind.valueOf(text(in)),
                text(in),
                text(in),
                scopes(in),
                new Reach(
                        list(in, FoundCodec::uuid),
                        list(in, FoundCodec::uuid),
                        list(in, FoundCodec::text),
                        list(in, FoundCodec::text)),
                text(in),
                nullable(in, FoundCodec::uuid),
                nullable(in, FoundCodec::uuid),
                nullable(in, FoundCodec::uuid),
                nullable(in, from -> xor(hash(from), mask)),
                text(in),
                instant(in),
                nullable(in, FoundCodec::instant),
                nullable(in, FoundCodec::instant),
                nullable(in, FoundCodec::instant));
    }

    static void put(ByteBuffer out, UUID id) {
        out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    static UUID uuid(ByteBuffer in) {
        return new UUID(in.getLong(), in.getLong());
    }

    private static void put(ByteBuffer out, TokenHash hash) {
        out.put(hash.toBytes());
    }

    private static TokenHash hash(ByteBuffer in) {
        return new TokenHash(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    private static TokenHash xor(TokenHash one, TokenHash other) {
        return new TokenHash(
                one.first() ^ other.first(),
                one.second() ^ other.second(),
                one.third() ^ other.third(),
                one.fourth() ^ other.fourth());
    }

    static void put(ByteBuffer out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MOST_LIST) {
            throw new BufferOverflowException();
        }
        out.putShort((short) utf8.length).put(utf8);
    }

    static String text(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] utf8 = new byte[length];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static void put(ByteBuffer out, Instant time) {
        out.putLong(time.getEpochSecond()).putInt(time.getNano());
    }

    private static Instant instant(ByteBuffer in) {
        return Instant.ofEpochSecond(in.getLong(), in.getInt());
    }

    static <T> void put(ByteBuffer out, List<T> members, BiConsumer<ByteBuffer, T> one) {
        if (members.size() > MOST_LIST) {
            throw new BufferOverflowException();
        }
        out.putShort((short) members.size());
        members.forEach(member -> one.accept(out, member));
    }

    /** No member is shorter than two bytes, so a length that lies is found before there is room made for it. */
    static <T> List<T> list(ByteBuffer in, Function<ByteBuffer, T> one) {
        int length = Short.toUnsignedInt(in.getShort());
        if (2 * length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        List<T> members = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            members.add(one.apply(in));
        }
        return members;
    }

    static ScopeSet scopes(ByteBuffer in) {
        return ScopeSet.of(
                list(in, FoundCodec::text).stream().map(Scope::valueOf).toArray(Scope[]::new));
    }

    static <T> void putNullable(ByteBuffer out, @Nullable T value, BiConsumer<ByteBuffer, T> one) {
        out.put((byte) (value == null ? 0 : 1));
        if (value != null) {
            one.accept(out, value);
        }
    }

    static <T> @Nullable T nullable(ByteBuffer in, Function<ByteBuffer, T> one) {
        return switch (in.get()) {
            case 0 -> null;
            case 1 -> one.apply(in);
            default -> throw new IllegalArgumentException("neither there nor absent");
        };
    }
}
