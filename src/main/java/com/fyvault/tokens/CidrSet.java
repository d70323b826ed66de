package com.fyvault.tokens;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Address ranges compiled to masks. An IPv4 range is matched in its mapped form, so one comparison
 * serves both families. Lists are short (64 at most): a scan beats a tree.
 */
public final class CidrSet {
    /** The most ranges a credential may have. */
    public static final int MOST = 64;

    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowWildcardedSeparator(false)
            .allowMask(false)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowZone(false)
            .getParentBuilder()
            .toParams();

    private final long[] masks;

    private CidrSet(long[] masks) {
        this.masks = masks;
    }

    /** Compiles ranges that {@link #canonical} has accepted; an empty list matches everything. */
    public static CidrSet compile(List<String> cidrs) {
        long[] masks = new long[cidrs.size() * 4];
        int at = 0;
        for (String cidr : cidrs) {
            IPAddress block = parse(cidr);
            int length = block.getNetworkPrefixLength() == null ? block.getBitCount() : block.getNetworkPrefixLength();
            int prefix = block.isIPv4() ? length + 96 : length;
            ClientAddress base = ClientAddress.of(block.getLower().getBytes());
            long highMask = mask(prefix);
            long lowMask = mask(prefix - 64);
            masks[at++] = highMask;
            masks[at++] = base.high() & highMask;
            masks[at++] = lowMask;
            masks[at++] = base.low() & lowMask;
        }
        return new CidrSet(masks);
    }

    /** The canonical text of a range; refuses what is not one, also host bits beside a prefix. */
    public static String canonical(String cidr) {
        return parse(cidr).toCanonicalString();
    }

    /** True when the set is empty or one of its ranges holds the address. */
    public boolean allows(ClientAddress address) {
        if (masks.length == 0) {
            return true;
        }
        for (int i = 0; i < masks.length; i += 4) {
            if ((address.high() & masks[i]) == masks[i + 1] && (address.low() & masks[i + 2]) == masks[i + 3]) {
                return true;
            }
        }
        return false;
    }

    /** True when the set allows every address that the other one does; ranges are compared one by one, not joined. */
    public boolean covers(CidrSet inner) {
        if (masks.length == 0) {
            return true;
        }
        for (int i = 0; i < inner.masks.length; i += 4) {
            if (!coversRange(inner.masks, i)) {
                return false;
            }
        }
        return inner.masks.length > 0;
    }

    /** The ranges of the addresses that both lists hold; unlike a list of a credential, an empty one holds none. */
    public static List<String> meet(List<String> one, List<String> other) {
        CidrSet first = compile(one);
        CidrSet second = compile(other);
        Set<String> both = new LinkedHashSet<>();
        one.stream().filter(cidr -> second.covers(compile(List.of(cidr)))).forEach(both::add);
        other.stream().filter(cidr -> first.covers(compile(List.of(cidr)))).forEach(both::add);
        return List.copyOf(both);
    }

    /** Two ranges are nested or apart; one holds the other when its mask is no longer and its base is the same there. */
    private boolean coversRange(long[] inner, int at) {
        for (int i = 0; i < masks.length; i += 4) {
            boolean shorter = (masks[i] & inner[at]) == masks[i] && (masks[i + 2] & inner[at + 2]) == masks[i + 2];
            if (shorter
                    && (inner[at + 1] & masks[i]) == masks[i + 1]
                    && (inner[at + 3] & masks[i + 2]) == masks[i + 3]) {
                return true;
            }
        }
        return false;
    }

    private static IPAddress parse(String cidr) {
        try {
            if (cidr.length() <= 64) {
                IPAddress block = new IPAddressString(cidr, STRICT).toAddress();
                if (block != null && (block.isPrefixed() ? block.isPrefixBlock() : !block.isMultiple())) {
                    return block;
                }
            }
        } catch (AddressStringException malformed) {
            throw Refusal.of(ErrorCode.INVALID_CIDR);
        }
        throw Refusal.of(ErrorCode.INVALID_CIDR);
    }

    private static long mask(int prefix) {
        if (prefix <= 0) {
            return 0;
        }
        return prefix >= 64 ? -1L : -1L << (64 - prefix);
    }
}
