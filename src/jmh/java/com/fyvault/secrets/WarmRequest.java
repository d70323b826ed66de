package com.fyvault.secrets;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A request for a value and its response, without a connection: what the hot path asks of them, and no more. */
final class WarmRequest {
    private final String uri;
    private final String authorization;
    private final SocketAddress peer = SocketAddress.inetSocketAddress(40_000, "127.0.0.1");
    private final HttpServerRequest request = proxy(HttpServerRequest.class, this::ofRequest);
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final HttpServerConnection connection = proxy(HttpServerConnection.class, this::ofConnection);
    private final HttpServerResponse response = proxy(HttpServerResponse.class, this::ofResponse);
    private MultiMap headers = HttpHeaders.headers();
    private @Nullable CountDownLatch answers;
    private @Nullable Buffer body;

    /** How a stand-in answers a call. */
    private interface Answering {
        @Nullable
        Object answer(Method method, Object[] arguments);
    }

    WarmRequest(String uri, String authorization) {
        this.uri = uri;
        this.authorization = authorization;
    }

    HttpServerRequest asRequest() {
        return request;
    }

    /** As good as new, with headers of its own. */
    void renew(@Nullable CountDownLatch toCountDown) {
        headers = HttpHeaders.headers();
        body = null;
        answers = toCountDown;
    }

    void mustHaveAnswered(int length) {
        if (body == null || body.length() <= length || !body.getString(0, 15).equals("{\"success\":true")) {
            throw new IllegalStateException("no value was released: " + body);
        }
    }

    private @Nullable Object ofRequest(Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "method" -> HttpMethod.GET;
            case "uri" -> uri;
            case "remoteAddress" -> peer;
            case "response" -> response;
            case "connection" -> connection;
            case "getHeader" -> "authorization".contentEquals((CharSequence) arguments[0]) ? authorization : null;
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    private @Nullable Object ofConnection(Method method, Object[] arguments) {
        if (method.getName().equals("channelHandlerContext")) {
            return channel.pipeline().firstContext();
        }
        throw new UnsupportedOperationException(method.toString());
    }

    private @Nullable Object ofResponse(Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "ended", "closed" -> body != null;
            case "headers" -> headers;
            case "setStatusCode", "putHeader" -> response;
            case "end" -> end((Buffer) arguments[0]);
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    private Future<Void> end(Buffer answer) {
        body = answer;
        if (answers != null) {
            answers.countDown();
        }
        return Future.succeededFuture();
    }

    private static <T> T proxy(Class<T> type, Answering answering) {
        return type.cast(Proxy.newProxyInstance(
                WarmRequest.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answering.answer(method, arguments)));
    }
}
