package com.fyvault.platform.http;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
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

    private boolean open;
    private long until;

    /**
     * From now on, whatever is written on this event loop must leave by that moment.
     *
     * @param until as {@link System#nanoTime()} counts
     */
    public void open(long until) {
        this.until = until;
        open = true;
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
        if (open && System.nanoTime() - until > 0) {
            LOG.warn("answer thrown away: it was encoded after its release deadline");
            var _ = context.close(); // Drops what was written and not flushed.
        } else {
            context.flush();
        }
    }
}
