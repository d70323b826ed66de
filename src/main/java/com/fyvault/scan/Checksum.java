package com.fyvault.scan;

import com.fyvault.tokens.TokenFormat;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** What a token carries to tell itself from junk. A match whose checksum is wrong was never a token. */
enum Checksum {
    NONE {
        @Override
        boolean holds(String secret) {
            return true;
        }
    },
    /** FyVault's own: six digits of the CRC-32 of everything before them, the prefix included. */
    FYVAULT {
        @Override
        boolean holds(String secret) {
            int secretAt = secret.length() - TokenFormat.SECRET_LENGTH - TokenFormat.CHECKSUM_LENGTH;
            return secretAt > 0 && TokenFormat.fits(secret, secret.substring(0, secretAt));
        }
    },
    /** GitHub's and npm's: six digits of the CRC-32 of what stands between the prefix and them. */
    BASE62_CRC32 {
        @Override
        boolean holds(String secret) {
            int from = secret.lastIndexOf('_') + 1;
            int to = secret.length() - DIGITS_AT_THE_END;
            if (to <= from) {
                return false;
            }
            CRC32 crc = new CRC32();
            crc.update(secret.substring(from, to).getBytes(StandardCharsets.ISO_8859_1));
            return crc.getValue() == number(secret, to);
        }
    };

    private static final int DIGITS_AT_THE_END = 6;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    abstract boolean holds(String secret);

    private static long number(String text, int from) {
        long number = 0;
        for (int i = from; i < text.length(); i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0) {
                return -1;
            }
            number = number * DIGITS.length() + digit;
        }
        return number;
    }
}
