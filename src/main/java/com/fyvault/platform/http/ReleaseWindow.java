package com.fyvault.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last looks at the clock: when an answer has been encoded, and when the system call that sends it is the
 * next thing. While a window is open, what leaves the connections of this event loop rests on one commit and
 * may leave until a moment; a thread that was stopped on the way to the socket for longer than that closes
 * the connection instead. Confined to its event loop.
 */
@ChannelHandler.Sharable
public final class ReleaseWindow extends ChannelOutboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ReleaseWindow.class);

    private final LongSupplier lease;
    private boolean open;
    private long until;

    /** @param lease until when this node may release anything, as {@link System#nanoTime()} counts */
    public ReleaseWindow(LongSupplier lease) {
        this.lease = lease;
    }

    /**
     * From now on, whatever is written on this event loop must leave by that moment, or the end of the lease.
     *
     * @param deadline as {@link System#nanoTime()} counts
     */
    public void open(long deadline) {
        long end = lease.getAsLong();
        until = end - deadline < 0 ? end : deadline;
        open = true;
    }

    /** True when nothing may leave any more in the open window. */
    public boolean isOver() {
        return System.nanoTime() - until > 0;
    }

    /**
     * Ends the connection of a client that has not read earlier answers: the next one would wait in this process
     * and leave whenever the client likes, also after a revocation.
     *
     * @return whether it was ended
     */
    public static boolean turnsAway(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        boolean stalled = !((HttpServerConnection) connection)
                .channelHandlerContext()
                .channel()
                .isWritable();
        if (stalled) {
            LOG.warn("answer thrown away: the client does not read");
            connection.close().onFailure(gone -> ErrorExit.clientGone());
        }
        return stalled;
    }

    /** What is written from now on rests on nothing that may have gone. */
    public void shut() {
        open = false;
    }

    /** Looks at the clock for what leaves this connection. */
    void guard(HttpConnection connection) {
        ((HttpServerConnection) connection).channelHandlerContext().pipeline().addFirst(this);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean guarded = open && message instanceof ByteBuf bytes && bytes.hasMemoryAddress();
        var _ = context.write(guarded ? new Guarded(context, (ByteBuf) message, until) : message, promise);
    }

    /**
     * An encoded answer. The transport asks for its address right before the system call that sends it, so
     * this is as late as a look at the clock can be. Once a byte has left, the rest may take its time.
     */
    private static final class Guarded extends CompositeByteBuf {
        private final ChannelHandlerContext context;
        private final long until;

        Guarded(ChannelHandlerContext context, ByteBuf answer, long until) {
            super(context.alloc(), true, 1, answer);
            this.context = context;
            this.until = until;
        }

        @Override
        public long memoryAddress() {
            if (readerIndex() == 0 && System.nanoTime() - until > 0) {
                LOG.warn("answer thrown away: it was at the socket after its release deadline");
                var _ = context.close();
                throw new IllegalStateException("after the release deadline");
            }
            return super.memoryAddress();
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (open && isOver()) {
            LOG.warn("answer thrown away: it was encoded after its release deadline");
            var _ = context.close(); // Drops what was written and not flushed.
        } else {
            context.flush();
        }
    }
}
