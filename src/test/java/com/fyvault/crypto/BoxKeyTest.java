package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.support.SeededRandom;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BoxKeyTest {
    private static final UUID OWNER = new UUID(1, 2);

    private static final SeededRandom RANDOM = new SeededRandom(12);
    private final BoxKey key = SubKeys.derive(RANDOM.bytes(32)).factors();
    private final byte[] plain = RANDOM.bytes(20);
    private final byte[] box = key.seal("totp.1", OWNER, plain, RANDOM);

    @Test
    void opensForItsKindAndOwner() {
        assertThat(box).hasSize(plain.length + BoxKey.OVERHEAD);
        assertThat(key.open("totp.1", OWNER, box).exposeBytes()).isEqualTo(plain);
        assertThat(key.seal("totp.1", OWNER, plain, RANDOM)).isNotEqualTo(box);
        assertThat(key).hasToString("[key]");
    }

    @Test
    void opensForNobodyElse() {
        broken(key, "totp.2", OWNER, box);
        broken(key, "totp.1", new UUID(1, 3), box);
        broken(SubKeys.derive(RANDOM.bytes(32)).factors(), "totp.1", OWNER, box);
        broken(key, "totp.1", OWNER, Arrays.copyOf(box, BoxKey.OVERHEAD - 1));
        broken(key, "totp.1", OWNER, Arrays.copyOf(box, box.length + 1));
    }

    @Test
    void anyFlippedBitIsRefused() {
        for (int bit = 0; bit < box.length * 8; bit++) {
            byte[] flipped = box.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            broken(key, "totp.1", OWNER, flipped);
        }
    }

    private static void broken(BoxKey key, String kind, UUID owner, byte[] box) {
        assertThatThrownBy(() -> key.open(kind, owner, box)).isInstanceOf(SealBroken.class);
    }
}
