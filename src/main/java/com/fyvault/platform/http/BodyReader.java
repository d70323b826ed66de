package com.fyvault.platform.http;

import com.fyvault.platform.config.HttpSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Reads a paused request's body within its limits: bytes and time. Nothing touches the disk. */
public final class BodyReader {
    private final Vertx vertx;
    private final int mostBytes;
    private final long timeoutMillis;

    public BodyReader(Vertx vertx, HttpSettings settings) {
        this.vertx = vertx;
        this.mostBytes = settings.maxBodyBytes();
        this.timeoutMillis = settings.bodyTimeout().toMillis();
    }

    /**
     * The whole body; refused with 413 at the first byte too many, or before it when its length is
     * announced. A body that says it is compressed is refused unread: a small one could grow to any size.
     */
    public Future<Buffer> read(HttpServerRequest request, int most) {
        int limit = Math.min(most, mostBytes);
        @Nullable String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if ((length != null && length.length() > 9) || announced(length) > limit) {
            return Future.failedFuture(Refusal.of(ErrorCode.BODY_TOO_LARGE));
        }
        boolean encoded = isEncoded(request);
        Promise<Buffer> body = Promise.promise();
        Buffer gathered = Buffer.buffer();
        long timer = vertx.setTimer(timeoutMillis, late -> {
            request.pause();
            body.tryFail(Refusal.of(ErrorCode.BODY_TIMEOUT));
        });
        request.handler(chunk -> {
            if (encoded) {
                request.pause();
                body.tryFail(Refusal.of(ErrorCode.BODY_ENCODED));
            } else if (gathered.length() + chunk.length() > limit) {
                request.pause();
                body.tryFail(Refusal.of(ErrorCode.BODY_TOO_LARGE));
            } else {
                gathered.appendBuffer(chunk);
            }
        });
        request.exceptionHandler(body::tryFail);
        request.endHandler(end -> body.tryComplete(gathered));
        request.resume();
        return body.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private static boolean isEncoded(HttpServerRequest request) {
        return request.headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
                .anyMatch(encoding -> !encoding.strip().equalsIgnoreCase("identity"));
    }

    private static int announced(@Nullable String length) {
        try {
            return length == null ? 0 : Integer.parseInt(length.strip());
        } catch (NumberFormatException malformed) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST);
        }
    }
}
