package com.fyvault.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseParserTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nCONTENT-Length: 5 \r\n\r\nHTTP/";
    private static final String UNCHANGED = "HTTP/1.1 304 Not Modified\r\netag: \"7\"\r\ncontent-length: 5\r\n\r\n";
    private static final String EMPTY = "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n";
    private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
    private static final List<Integer> STATUSES = List.of(200, 304, 429, 200);

    private final List<Integer> seen = new ArrayList<>();
    private final ResponseParser parser = new ResponseParser(seen::add);

    @Test
    void readsPipelinedAnswersInOneBuffer() throws ProtocolException {
        feed(OK + UNCHANGED + EMPTY + INTERIM + OK);
        assertThat(seen).isEqualTo(STATUSES);
    }

    @Test
    void readsTheSameWhereverTheInputIsCutInTwo() throws ProtocolException {
        String all = OK + UNCHANGED + EMPTY + INTERIM + OK;
        for (int cut = 0; cut <= all.length(); cut++) {
            seen.clear();
            feed(all.substring(0, cut));
            feed(all.substring(cut));
            assertThat(seen).as("cut at %d", cut).isEqualTo(STATUSES);
        }
    }

    @Test
    void readsTheSameByteByByte() throws ProtocolException {
        for (char one : (OK + UNCHANGED + EMPTY + INTERIM + OK).toCharArray()) {
            feed(String.valueOf(one));
        }
        assertThat(seen).isEqualTo(STATUSES);
    }

    @Test
    void tellsOfAnAnswerOnlyWhenItsBodyIsComplete() throws ProtocolException {
        feed(OK.substring(0, OK.length() - 1));
        assertThat(seen).isEmpty();
        feed("/");
        assertThat(seen).containsExactly(200);
    }

    @Test
    void forgetsAHalfReadAnswerOnReset() throws ProtocolException {
        feed(OK.substring(0, 20));
        parser.reset();
        feed(OK.substring(0, OK.length() - 2));
        parser.reset();
        feed(EMPTY);
        assertThat(seen).containsExactly(429);
    }

    @Test
    void takesAHeadAtTheLimitAndRefusesOneByteMore() throws ProtocolException {
        String start = "HTTP/1.1 200 OK\r\nx: ";
        String end = "\r\ncontent-length: 0\r\n\r\n";
        String filler = "a".repeat(ResponseParser.MAX_HEAD_BYTES - start.length() - end.length());
        feed(start);
        feed(filler + end);
        assertThat(seen).containsExactly(200);
        feed(start + "a");
        assertThatThrownBy(() -> feed(filler + end)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void refusesWhatItCannotCount() {
        assertRefused("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        assertRefused("HTTP/1.1 200 OK\r\n\r\n");
        assertRefused("HTTP/1.1 200 OK\r\ncontent-length: 1a\r\n\r\n");
        assertRefused("HTTP/1.1 200 OK\r\ncontent-length: 1234567890123\r\n\r\n");
        assertRefused("HTTP/1.1 2x0 OK\r\ncontent-length: 0\r\n\r\n");
        assertRefused("HTTP/1.1\r\ncontent-length: 0\r\n\r\n");
        assertRefused("SSH-2.0-OpenSSH_9 hello\r\ncontent-length: 0\r\n\r\n");
    }

    private void assertRefused(String response) {
        assertThatThrownBy(() -> feed(response)).as(response).isInstanceOf(ProtocolException.class);
        parser.reset();
    }

    private void feed(String text) throws ProtocolException {
        byte[] padded = ("##" + text + "##").getBytes(StandardCharsets.US_ASCII);
        parser.feed(padded, 2, padded.length - 2);
    }
}
