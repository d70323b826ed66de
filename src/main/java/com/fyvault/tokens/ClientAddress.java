package com.fyvault.tokens;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The address of a client as 128 bits; IPv4 stands in its mapped form (RFC 4291, 2.5.5.2), so that
 * {@code ::ffff:10.0.0.1} and {@code 10.0.0.1} are one address.
 */
public record ClientAddress(long high, long low) {
    private static final long MAPPED = 0x0000_FFFF_0000_0000L;

    /** From 4 or 16 bytes in network order. */
    public static ClientAddress of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return bytes.length == 4
                ? new ClientAddress(0, MAPPED | (buffer.getInt() & 0xFFFF_FFFFL))
                : new ClientAddress(buffer.getLong(), buffer.getLong());
    }

    public boolean isV4() {
        return high == 0 && (low & 0xFFFF_FFFF_0000_0000L) == MAPPED;
    }

    /** 4 or 16 bytes in network order. */
    public byte[] bytes() {
        return isV4()
                ? ByteBuffer.allocate(4).putInt((int) low).array()
                : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    /** The text form of stored bytes, or null for none. */
    public static @Nullable String text(byte @Nullable [] bytes) {
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException wrongLength) {
            return null;
        }
    }
}
