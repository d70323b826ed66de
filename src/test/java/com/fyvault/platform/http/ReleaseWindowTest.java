package com.fyvault.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What was encoded too late must not reach the socket. */
class ReleaseWindowTest {
    private final AtomicLong lease = new AtomicLong(System.nanoTime() + TimeUnit.HOURS.toNanos(1));
    private final ReleaseWindow window = new ReleaseWindow(lease::get);
    private final EmbeddedChannel channel = new EmbeddedChannel(window);

    @Test
    void letsAnAnswerLeaveInTime() {
        window.open(System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        assertThat(channel.writeOutbound(answer())).isTrue();
        assertThat(channel.isOpen()).isTrue();
        assertThat(answers()).isEqualTo(1);
    }

    @Test
    void closesTheConnectionInsteadOfWritingLate() {
        window.open(System.nanoTime() - 1);
        ByteBuf late = answer();
        var _ = channel.writeAndFlush(late);
        assertThat(answers()).isZero();
        assertThat(channel.isOpen()).isFalse();
        assertThat(late.refCnt()).isZero();
    }

    @Test
    void closesTheConnectionWhenTheThreadWasStoppedBetweenWriteAndFlush() {
        window.open(System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        ByteBuf late = answer();
        var _ = channel.write(late);
        window.open(System.nanoTime() - 1);
        var _ = channel.flush();
        assertThat(answers()).isZero();
        assertThat(channel.isOpen()).isFalse();
        assertThat(late.refCnt()).isZero();
    }

    @Test
    void closesTheConnectionWhenTheThreadWasStoppedBeforeTheSystemCall() {
        window.open(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1000));
        ByteBuf plain = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(new byte[] {1, 2});
        assertThat(channel.writeOutbound(plain)).isTrue();
        ByteBuf atTheSocket = channel.readOutbound();
        long address = atTheSocket.memoryAddress();
        assertThat(address).isEqualTo(plain.memoryAddress());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_050));
        assertThatThrownBy(atTheSocket::memoryAddress).isInstanceOf(IllegalStateException.class);
        assertThat(channel.isOpen()).isFalse();
        // The first byte left in time: so may the others.
        assertThat(atTheSocket.skipBytes(1).memoryAddress()).isEqualTo(address);
        assertThat(atTheSocket.release()).isTrue();
        assertThat(plain.refCnt()).isZero();
    }

    @Test
    void endsWithTheLeaseOfTheNode() {
        lease.set(System.nanoTime() - 1);
        window.open(System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        assertThat(window.isOver()).isTrue();
        var _ = channel.writeAndFlush(answer());
        assertThat(answers()).isZero();
    }

    @Test
    void looksAtNothingWhileItIsShut() {
        window.open(System.nanoTime() - 1);
        window.shut();
        assertThat(channel.writeOutbound(answer())).isTrue();
        assertThat(answers()).isEqualTo(1);
    }

    private int answers() {
        int count = 0;
        for (ByteBuf written = channel.readOutbound(); written != null; written = channel.readOutbound()) {
            count++;
        }
        return count;
    }

    private static ByteBuf answer() {
        return Unpooled.wrappedBuffer(new byte[] {1});
    }
}
