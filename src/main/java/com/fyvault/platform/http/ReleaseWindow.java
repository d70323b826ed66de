package com.fyvault.platform.http;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last look at the clock, when an answer has been encoded and the socket is the next thing. While a
 * window is open, what leaves the connections of this event loop rests on one commit and may leave until
 * a moment; a thread that was stopped on the way to the socket for longer than that closes the connection
 * instead. Confined to its event loop.
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

    /** What is written from now on rests on nothing that may have gone. */
    public void shut() {
        open = false;
    }

    /** Looks at the clock for what leaves this connection. */
    void guard(HttpConnection connection) {
        ((HttpServerConnection) connection).channelHandlerContext().pipeline().addFirst(this);
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
