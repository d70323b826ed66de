package com.fyvault.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Keeps a fixed number of connections to one address and runs windows of load over them, one after the other.
 *
 * <p>One thread: the generator shares two cores with the server and PostgreSQL, and one thread sends more than they can
 * answer. A read takes one system call a response, a write one a request, everything else is shared by all ready
 * connections.
 */
final class LoadClient implements AutoCloseable {
    static final int MAX_CONNECTIONS = 4096;
    static final int MAX_RATE = 500_000;
    static final Duration MAX_WINDOW = Duration.ofMinutes(10);

    private static final int RECEIVE_BYTES = 16 * 1024;
    private static final int CONNECT_SECONDS = 10;

    private final EventLoopGroup group;
    private final ByteBuf request;
    private final List<LoadConnection> connections = new ArrayList<>();

    private LoadClient(EventLoopGroup group, ByteBuf request) {
        this.group = group;
        this.request = request;
    }

    /** Opens all connections, or fails if one of them cannot be had. */
    static LoadClient connect(LoadTarget target, int count) throws InterruptedException {
        if (count < 1 || count > MAX_CONNECTIONS) {
            throw new IllegalArgumentException("want 1 to " + MAX_CONNECTIONS + " connections");
        }
        boolean epoll = Epoll.isAvailable();
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        byte[] bytes = target.exposeRequest();
        ByteBuf request = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
        Class<? extends SocketChannel> type = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(type)
                .remoteAddress(target.host(), target.port())
                .option(ChannelOption.TCP_NODELAY, true)
                // One read a wake-up: a second one would find nothing, as only one answer is awaited.
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(RECEIVE_BYTES).maxMessagesPerRead(1));
        LoadClient client = new LoadClient(group, request);
        client.open(bootstrap, count);
        return client;
    }

    private void open(Bootstrap bootstrap, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            LoadConnection connection = new LoadConnection(bootstrap, request);
            connections.add(connection);
            var connected = connection.connect();
            if (!connected.await(CONNECT_SECONDS, TimeUnit.SECONDS) || !connected.isSuccess()) {
                close();
                throw new IllegalStateException("cannot connect", connected.cause());
            }
        }
    }

    /** Sends as fast as the answers come. */
    LoadResult closed(Duration length) throws InterruptedException {
        checkLength(length);
        long start = System.nanoTime();
        return run("closed", new LoadWindow(group.next(), new ClosedPace(start + length.toNanos()), start), length);
    }

    /** Sends at this rate, whatever the answers do. */
    LoadResult open(int ratePerSecond, Duration length) throws InterruptedException {
        checkLength(length);
        if (ratePerSecond < 1 || ratePerSecond > MAX_RATE) {
            throw new IllegalArgumentException("want a rate of 1 to " + MAX_RATE + " a second");
        }
        long total = Math.max(1, Math.round(ratePerSecond * (length.toNanos() / 1e9)));
        long start = System.nanoTime();
        return run("open", new LoadWindow(group.next(), new OpenPace(start, ratePerSecond, total), start), length);
    }

    private LoadResult run(String mode, LoadWindow window, Duration length) throws InterruptedException {
        long pid = ProcessHandle.current().pid();
        CpuClock cpu = CpuClock.ofProcess(pid);
        long before = cpu.nanos();
        long limitMillis = length.plus(LoadWindow.DRAIN).plusSeconds(5).toMillis();
        try {
            group.next().execute(() -> window.start(connections, length));
            window.done().get(limitMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the window of load broke off", e);
        }
        double micros = (cpu.nanos() - before) / 1e3 / Math.max(1, window.answered());
        return window.result(mode, micros);
    }

    private static void checkLength(Duration length) {
        if (length.isNegative() || length.isZero() || length.compareTo(MAX_WINDOW) > 0) {
            throw new IllegalArgumentException("want a window of up to " + MAX_WINDOW);
        }
    }

    @Override
    public void close() {
        connections.forEach(LoadConnection::close);
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        if (request.refCnt() > 0) {
            request.release();
        }
    }
}
