package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.support.SeededRandom;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private final SeededRandom random = new SeededRandom(4);
    private final Envelope envelope = new Envelope(random);
    private final Binding binding = Sample.binding(random);
    private final OrgKey first = Sample.key(binding, 1, random);
    private final OrgKey second = Sample.key(binding, 2, random);
    private final byte[] plain = random.bytes(1000);

    @Test
    void opensIntoTheMiddleOfABufferAndTouchesNothingElse() {
        byte[] sealed = envelope.seal(first, binding, plain);
        byte[] array = new byte[2000];
        Arrays.fill(array, (byte) 9);
        ByteBuffer target = ByteBuffer.wrap(array, 100, 1500).slice().position(50);
        assertThat(Envelope.openInto(first, binding, sealed, target)).isEqualTo(1000);
        assertThat(target.position()).isEqualTo(1050);
        assertThat(Arrays.copyOfRange(array, 150, 1150)).isEqualTo(plain);
        assertThat(Arrays.copyOfRange(array, 0, 150)).containsOnly(9);
        assertThat(Arrays.copyOfRange(array, 1150, 2000)).containsOnly(9);
    }

    @Test
    void refusesATargetThatIsTooSmallOrOffTheHeap() {
        byte[] sealed = envelope.seal(first, binding, plain);
        assertThatThrownBy(() -> Envelope.openInto(first, binding, sealed, ByteBuffer.allocate(999)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Envelope.openInto(first, binding, sealed, ByteBuffer.allocateDirect(1000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavesTheCallersPlaintextAlone() {
        byte[] copy = plain.clone();
        assertThat(envelope.seal(first, binding, copy)).isNotNull();
        assertThat(copy).isEqualTo(plain);
    }

    @Test
    void clearsTheDataKey() {
        byte[] sealed = envelope.seal(first, binding, plain);
        assertThat(AesGcm.current().dataKey.exposeBytes()).containsOnly(0);
        assertThat(Envelope.open(first, binding, sealed)).isEqualTo(plain);
        assertThat(AesGcm.current().dataKey.exposeBytes()).containsOnly(0);
        sealed[sealed.length - 1] ^= 1;
        assertThatThrownBy(() -> Envelope.open(first, binding, sealed)).isInstanceOf(SealBroken.class);
        assertThat(AesGcm.current().dataKey.exposeBytes()).containsOnly(0);
    }

    @Test
    void rewrapsTheHeadAndNotTheValue() {
        byte[] sealed = envelope.seal(first, binding, plain);
        byte[] rewrapped = envelope.rewrap(first, second, binding, sealed);
        assertThat(Envelope.epoch(sealed)).isEqualTo(1);
        assertThat(Envelope.epoch(rewrapped)).isEqualTo(2);
        assertThat(Arrays.copyOfRange(rewrapped, 66, rewrapped.length))
                .isEqualTo(Arrays.copyOfRange(sealed, 66, sealed.length));
        assertThat(Envelope.open(second, binding, rewrapped)).isEqualTo(plain);
        assertThatThrownBy(() -> Envelope.open(first, binding, rewrapped)).isInstanceOf(SealBroken.class);
    }

    @Test
    void rewrapsAHeadThatCameWithoutItsValue() {
        byte[] sealed = envelope.seal(first, binding, plain);
        byte[] head = Arrays.copyOf(sealed, Envelope.HEAD_LENGTH);
        envelope.rewrapHead(first, second, binding, head);
        System.arraycopy(head, 0, sealed, 0, head.length);
        assertThat(Envelope.open(second, binding, sealed)).isEqualTo(plain);
    }

    @Test
    void leavesAHeadAloneThatItCannotRewrap() {
        byte[] head = Arrays.copyOf(envelope.seal(first, binding, plain), Envelope.HEAD_LENGTH);
        head[20] ^= 1;
        byte[] before = head.clone();
        assertThatThrownBy(() -> envelope.rewrapHead(first, second, binding, head))
                .isInstanceOf(SealBroken.class);
        assertThatThrownBy(() -> envelope.rewrapHead(first, second, binding, new byte[65]))
                .isInstanceOf(SealBroken.class);
        assertThat(head).isEqualTo(before);
    }

    @Test
    void sealsNothingUnderAnotherOrganizationsKey() {
        OrgKey foreign = Sample.key(Sample.binding(random), 1, random);
        assertThatThrownBy(() -> envelope.seal(foreign, binding, plain)).isInstanceOf(IllegalArgumentException.class);
        byte[] sealed = envelope.seal(first, binding, plain);
        assertThatThrownBy(() -> envelope.rewrap(first, foreign, binding, sealed))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> envelope.rewrap(foreign, second, binding, sealed))
                .isInstanceOf(SealBroken.class);
    }

    @Test
    void neitherSealsNorOpensWithADroppedKey() {
        byte[] sealed = envelope.seal(first, binding, plain);
        first.drop();
        assertThatThrownBy(() -> envelope.seal(first, binding, plain)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Envelope.open(first, binding, sealed)).isInstanceOf(IllegalStateException.class);
        assertThat(first).hasToString("OrgKey[" + binding.orgId() + " epoch 1]");
    }

    @Test
    void opensFromManyThreadsVirtualOnesToo() throws InterruptedException, ExecutionException {
        byte[] sealed = envelope.seal(first, binding, plain);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<byte[]> opened : IntStream.range(0, 500)
                    .mapToObj(i -> threads.submit(() -> Envelope.open(first, binding, sealed)))
                    .toList()) {
                assertThat(opened.get()).isEqualTo(plain);
            }
        }
    }
}
