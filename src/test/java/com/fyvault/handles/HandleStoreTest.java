package com.fyvault.handles;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** When a handle is over, and what is one. */
class HandleStoreTest {
    private static final Instant END = Instant.parse("2030-01-01T00:00:00Z");

    private static Handle handle() {
        UUID id = new UUID(1, 2);
        TokenHash hash = TokenFormat.hash("x");
        return new Handle(id, id, hash, id, hash, new Handle.Target(id, id, id, "X"), END.minusSeconds(30), END, null);
    }

    @Test
    void aHandleIsOverAtItsEndAndNotBefore() {
        assertThat(new HandleStore.Found(handle(), END.minusNanos(1_000)).isLive())
                .isTrue();
        assertThat(new HandleStore.Found(handle(), END).isLive()).isFalse();
        assertThat(new HandleStore.Found(handle().withRevokedAt(END.minusSeconds(20)), END.minusSeconds(10)).isLive())
                .isFalse();
    }

    @Test
    void aHandleIsNoTokenAndATokenNoHandle() {
        SecureRandom random = new SecureRandom();
        String handle = TokenFormat.draw(Handle.PREFIX, random);
        assertThat(TokenFormat.fits(handle, Handle.PREFIX)).isTrue();
        assertThat(TokenFormat.parse(handle)).isNull();
        for (TokenKind kind : TokenKind.values()) {
            assertThat(TokenFormat.fits(TokenFormat.mint(kind, random).exposeText(), Handle.PREFIX))
                    .isFalse();
        }
        for (int i = 0; i < handle.length(); i++) {
            char other = handle.charAt(i) == 'a' ? 'b' : 'a';
            String changed = handle.substring(0, i) + other + handle.substring(i + 1);
            assertThat(TokenFormat.fits(changed, Handle.PREFIX)).as("at " + i).isFalse();
        }
        assertThat(TokenFormat.fits("", Handle.PREFIX)).isFalse();
        assertThat(TokenFormat.fits("fvh_\u00e9", Handle.PREFIX)).isFalse();
    }
}
