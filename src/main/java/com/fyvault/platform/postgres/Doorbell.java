package com.fyvault.platform.postgres;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Asks whether PostgreSQL takes new connections, on a plain socket, which can be closed whatever the other side
 * does. It asks whether TLS is spoken (SSLRequest, "Message Formats" in PostgreSQL's manual): the answer is one
 * byte, before any login.
 */
final class Doorbell {
    private static final int LENGTH = 8;
    private static final int SSL_REQUEST = 80_877_103;
    private static final long LIMIT_MILLIS = 500;

    private final NetClient client;
    private final SocketAddress address;

    Doorbell(Vertx vertx, SocketAddress address) {
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout((int) LIMIT_MILLIS));
        this.address = address;
    }

    /** Done when somebody has answered within half a second. */
    Future<Void> ring() {
        return client.connect(address).compose(Doorbell::ask);
    }

    private static Future<Void> ask(NetSocket socket) {
        Promise<Void> answered = Promise.promise();
        socket.handler(any -> answered.tryComplete())
                .closeHandler(gone -> answered.tryFail("closed"))
                .write(Buffer.buffer().appendInt(LENGTH).appendInt(SSL_REQUEST))
                .onFailure(answered::tryFail);
        return answered.future()
                .timeout(LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                .onComplete(done -> socket.close().onFailure(gone -> answered.tryFail(gone)));
    }
}
