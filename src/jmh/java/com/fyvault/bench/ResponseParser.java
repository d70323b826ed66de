package com.fyvault.bench;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

/**
 * Reads HTTP/1.1 responses of known length: keeps the status, skips the body.
 *
 * <p>Not a client for the world: no chunked bodies, no bodies that end with the connection. It stays this small so that
 * the load generator takes as little as possible of the cores that it shares with the server under test.
 */
final class ResponseParser {
    static final int MAX_HEAD_BYTES = 16 * 1024;

    /** Told of each complete response, in order. */
    interface Sink {
        void answered(int status) throws ProtocolException;
    }

    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRANSFER_ENCODING = "transfer-encoding:".getBytes(StandardCharsets.US_ASCII);
    private static final int INCOMPLETE = -1;
    private static final long ABSENT = -1;
    private static final int STATUS_OFFSET = "HTTP/1.1 ".length();
    private static final int MAX_LENGTH_DIGITS = 12;

    private final Sink sink;
    private final byte[] partialHead = new byte[MAX_HEAD_BYTES];
    private int partialBytes;
    private boolean inBody;
    private long bodyLeft;
    private int status;
    private long contentLength;

    ResponseParser(Sink sink) {
        this.sink = sink;
    }

    /** Takes the next bytes of the connection, cut anywhere. */
    void feed(byte[] bytes, int from, int to) throws ProtocolException {
        int at = from;
        while (at < to) {
            if (inBody) {
                at = skipBody(at, to);
            } else if (partialBytes > 0) {
                at = resumeHead(bytes, at, to);
            } else {
                at = readHead(bytes, at, to);
            }
        }
    }

    /** Forgets a response cut off by a lost connection. */
    void reset() {
        partialBytes = 0;
        inBody = false;
    }

    private int skipBody(int at, int to) throws ProtocolException {
        long step = Math.min(bodyLeft, to - at);
        bodyLeft -= step;
        if (bodyLeft == 0) {
            inBody = false;
            sink.answered(status);
        }
        return at + (int) step;
    }

    private int readHead(byte[] bytes, int at, int to) throws ProtocolException {
        int end = scanHead(bytes, at, to);
        if (end == INCOMPLETE) {
            return keepPartial(bytes, at, to);
        }
        beginBody(bytes, at, end);
        return end;
    }

    private int resumeHead(byte[] bytes, int at, int to) throws ProtocolException {
        int before = partialBytes;
        int kept = keepPartial(bytes, at, to);
        int end = scanHead(partialHead, 0, partialBytes);
        if (end == INCOMPLETE) {
            return kept;
        }
        partialBytes = 0;
        beginBody(partialHead, 0, end);
        return at + end - before;
    }

    private int keepPartial(byte[] bytes, int at, int to) throws ProtocolException {
        int step = Math.min(to - at, MAX_HEAD_BYTES - partialBytes);
        if (step == 0) {
            throw new ProtocolException("response head over " + MAX_HEAD_BYTES + " bytes");
        }
        System.arraycopy(bytes, at, partialHead, partialBytes, step);
        partialBytes += step;
        return at + step;
    }

    /** Returns the end of the head, its content length noted on the way, or INCOMPLETE. */
    private int scanHead(byte[] bytes, int from, int to) throws ProtocolException {
        contentLength = ABSENT;
        int line = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            if (i - line <= 1) {
                return i + 1;
            }
            if (line > from) {
                readField(bytes, line, i);
            }
            line = i + 1;
        }
        return INCOMPLETE;
    }

    private void readField(byte[] bytes, int line, int end) throws ProtocolException {
        int first = bytes[line] | 0x20;
        if (first == 'c' && startsWith(bytes, line, end, CONTENT_LENGTH)) {
            contentLength = readLength(bytes, line + CONTENT_LENGTH.length, end);
        } else if (first == 't' && startsWith(bytes, line, end, TRANSFER_ENCODING)) {
            throw new ProtocolException("response without a known length (transfer-encoding)");
        }
    }

    private static boolean startsWith(byte[] bytes, int line, int end, byte[] name) {
        if (end - line < name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            byte seen = bytes[line + i];
            int folded = seen >= 'A' && seen <= 'Z' ? seen | 0x20 : seen;
            if (folded != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static long readLength(byte[] bytes, int from, int end) throws ProtocolException {
        long length = 0;
        int digits = 0;
        for (int i = from; i < end; i++) {
            byte seen = bytes[i];
            if (seen >= '0' && seen <= '9') {
                length = length * 10 + seen - '0';
                digits++;
            } else if (seen != ' ' && seen != '\t' && seen != '\r') {
                throw new ProtocolException("malformed content-length");
            }
        }
        if (digits == 0 || digits > MAX_LENGTH_DIGITS) {
            throw new ProtocolException("malformed content-length");
        }
        return length;
    }

    private void beginBody(byte[] head, int from, int end) throws ProtocolException {
        status = readStatus(head, from, end);
        if (status < 200) {
            return; // an interim answer, the real one follows
        }
        boolean bodiless = status == 204 || status == 304;
        if (contentLength == ABSENT && !bodiless) {
            throw new ProtocolException("response without a known length");
        }
        bodyLeft = bodiless ? 0 : contentLength;
        inBody = bodyLeft > 0;
        if (!inBody) {
            sink.answered(status);
        }
    }

    private static int readStatus(byte[] head, int from, int end) throws ProtocolException {
        int at = from + STATUS_OFFSET;
        if (end - from < STATUS_OFFSET + 3 || head[from] != 'H' || head[at - 1] != ' ') {
            throw new ProtocolException("malformed status line");
        }
        int value = 0;
        for (int i = at; i < at + 3; i++) {
            int digit = head[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new ProtocolException("malformed status line");
            }
            value = value * 10 + digit;
        }
        if (value < 100) {
            throw new ProtocolException("malformed status line");
        }
        return value;
    }
}
