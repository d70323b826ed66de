package com.fyvault.platform.http;

import com.fyvault.platform.config.HttpSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads a paused request's body within its limits: bytes, time, and the memory that all bodies of the
 * node have together. Nothing touches the disk.
 */
public final class BodyReader {
    private final Vertx vertx;
    private final int mostBytes;
    private final long timeoutMillis;
    private final BodyBudget budget;

    public BodyReader(Vertx vertx, HttpSettings settings, BodyBudget budget) {
        this.vertx = vertx;
        this.mostBytes = settings.maxBodyBytes();
        this.timeoutMillis = settings.bodyTimeout().toMillis();
        this.budget = budget;
    }

    /**
     * The whole body, to be given back with {@link #release}; refused with 413 at the first byte too many,
     * or before it when its length is announced, and with 503 when the node has no room for it. A body that
     * says it is compressed is refused unread: a small one could grow to any size.
     */
    public Future<Buffer> read(HttpServerRequest request, int most) {
        int limit = Math.min(most, mostBytes);
        @Nullable String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if ((length != null && length.length() > 9) || announced(length) > limit) {
            return Future.failedFuture(Refusal.of(ErrorCode.BODY_TOO_LARGE));
        }
        if (!budget.hasRoom(announced(length))) {
            return Future.failedFuture(Refusal.of(ErrorCode.OVERLOADED));
        }
        return gather(request, limit);
    }

    /** Room is taken as bytes come: a length that is announced and not sent keeps nobody out. */
    private Future<Buffer> gather(HttpServerRequest request, int limit) {
        boolean encoded = isEncoded(request);
        Promise<Buffer> body = Promise.promise();
        Buffer gathered = Buffer.buffer();
        long timer = vertx.setTimer(timeoutMillis, late -> {
            request.pause();
            body.tryFail(Refusal.of(ErrorCode.BODY_TIMEOUT));
        });
        request.handler(chunk -> {
            if (body.future().isComplete()) {
                return; // Refused meanwhile: what still comes is dropped and not counted.
            }
            if (encoded) {
                request.pause();
                body.tryFail(Refusal.of(ErrorCode.BODY_ENCODED));
            } else if (gathered.length() + chunk.length() > limit) {
                request.pause();
                body.tryFail(Refusal.of(ErrorCode.BODY_TOO_LARGE));
            } else if (!budget.take(chunk.length())) {
                request.pause();
                body.tryFail(Refusal.of(ErrorCode.OVERLOADED));
            } else {
                gathered.appendBuffer(chunk);
            }
        });
        request.exceptionHandler(body::tryFail);
        request.endHandler(end -> body.tryComplete(gathered));
        request.resume();
        return body.future().onComplete(done -> vertx.cancelTimer(timer)).onFailure(failed -> release(gathered));
    }

    /** Gives back the room of a body that was read. */
    public void release(Buffer body) {
        budget.give(body.length());
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
