package com.fyvault.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.net.ProtocolException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection with at most one request in flight; it comes back by itself when the server closes it.
 *
 * <p>Everything here runs on the one event loop of the generator, so nothing is synchronised.
 */
final class LoadConnection implements ResponseParser.Sink {
    private static final long RECONNECT_MILLIS = 10;
    private static final int SCRATCH_BYTES = 64 * 1024;

    private final Bootstrap bootstrap;
    private final ByteBuf request;
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final ResponseParser parser = new ResponseParser(this);
    private @Nullable Channel channel;
    private @Nullable LoadWindow window;
    private boolean inFlight;
    private boolean closing;
    private long intendedNanos;

    LoadConnection(Bootstrap bootstrap, ByteBuf request) {
        this.request = request;
        this.bootstrap = bootstrap.clone().handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel created) {
                created.pipeline().addLast(new Inbound());
            }
        });
    }

    ChannelFuture connect() {
        return bootstrap.connect().addListener(done -> {
            if (!done.isSuccess()) {
                lost("connect");
            }
        });
    }

    void join(LoadWindow joined) {
        window = joined;
        if (channel != null) {
            joined.offer(this, System.nanoTime());
        }
    }

    /** Leaves the window; a request still in flight takes its connection with it, its answer would come too late. */
    void leave() {
        window = null;
        if (inFlight && channel != null) {
            var _ = channel.close();
        }
    }

    void close() {
        closing = true;
        if (channel != null) {
            var _ = channel.close();
        }
    }

    boolean inFlight() {
        return inFlight;
    }

    /** The moment that the latency of the request in flight counts from. */
    long intendedNanos() {
        return intendedNanos;
    }

    void send(long intended) {
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("send on a lost connection");
        }
        intendedNanos = intended;
        inFlight = true;
        var _ = open.writeAndFlush(request.retainedDuplicate(), open.voidPromise());
    }

    @Override
    public void answered(int status) throws ProtocolException {
        if (!inFlight) {
            throw new ProtocolException("an answer that nobody asked for");
        }
        inFlight = false;
        if (window != null) {
            window.answered(this, status, intendedNanos);
        }
    }

    private void lost(String cause) {
        boolean wasInFlight = inFlight;
        channel = null;
        inFlight = false;
        parser.reset();
        if (closing) {
            return;
        }
        var _ = bootstrap.config().group().schedule(this::reconnect, RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
        if (window != null) {
            window.lost(this, wasInFlight, cause);
        }
    }

    private void reconnect() {
        if (!closing) {
            var _ = connect();
        }
    }

    private void readAll(ByteBuf bytes) throws ProtocolException {
        while (bytes.isReadable()) {
            int step = Math.min(bytes.readableBytes(), scratch.length);
            bytes.readBytes(scratch, 0, step);
            parser.feed(scratch, 0, step);
        }
    }

    private final class Inbound extends ChannelInboundHandlerAdapter {
        private String cause = "closed";

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            channel = ctx.channel();
            if (window != null) {
                window.offer(LoadConnection.this, System.nanoTime());
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws ProtocolException {
            ByteBuf bytes = (ByteBuf) message;
            try {
                readAll(bytes);
            } finally {
                bytes.release();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            lost(cause);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
            cause = failure instanceof ProtocolException ? "protocol" : "closed";
            var _ = ctx.close();
        }
    }
}
