package com.fyvault.proofs.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** T34: the comparison finds what gives an id away and nothing else, and every text of a request is in the table. */
class DifferenceTest {
    private static final String FOREIGN = "01a1ff01-53df-71a0-9539-2a9fb85aa7df";
    private static final String NOBODYS = "01a1ff01-53df-71a0-9539-2a9f00000000";

    private static Difference.Answered absent(String id, String request) {
        return answered(404, "Secret " + id + " not found", id, request);
    }

    private static Difference.Answered answered(int status, String error, String id, String request) {
        String body = "{\"success\":false,\"error\":\"" + error + "\",\"requestId\":\"" + request + "\"}";
        Map<String, String> headers =
                new TreeMap<>(Map.of("x-request-id", request, "content-length", "" + body.length()));
        return new Difference.Answered(new Wire.Reply(status, headers, body), List.of(id));
    }

    private static Difference.Answered with(Difference.Answered answer, String header, String value) {
        Map<String, String> headers = new TreeMap<>(answer.reply().headers());
        headers.put(header, value);
        return new Difference.Answered(
                new Wire.Reply(answer.reply().status(), headers, answer.reply().body()), answer.asked());
    }

    private static Difference.Answered success(String data) {
        return new Difference.Answered(new Wire.Reply(200, Map.of(), "{\"data\":" + data + "}"), List.of());
    }

    @Test
    void theSameAnswerToTwoRequestsIsTheSame() {
        assertThat(Difference.between(absent(FOREIGN, "request-1"), absent(NOBODYS, "request-2")))
                .isNull();
    }

    @Test
    void aPlantedLeakIsFound() {
        Difference.Answered nobodys = absent(NOBODYS, "request-2");
        assertThat(Difference.between(answered(403, "Secret " + FOREIGN + " not found", FOREIGN, "request-1"), nobodys))
                .startsWith("status");
        assertThat(Difference.between(
                        answered(404, "Secret " + FOREIGN + " was not found", FOREIGN, "request-1"), nobodys))
                .startsWith("headers");
        assertThat(Difference.between(answered(404, "secret " + FOREIGN + " not found", FOREIGN, "request-1"), nobodys))
                .startsWith("body");
        assertThat(Difference.between(with(absent(FOREIGN, "request-1"), "etag", "\"1\""), nobodys))
                .startsWith("headers");
        assertThat(Difference.between(with(absent(FOREIGN, "request-1"), "connection", "close"), nobodys))
                .startsWith("headers");
    }

    @Test
    void ofASuccessTheShapeCounts() {
        assertThat(Difference.between(success("[1,2]"), success("[3,4]"))).isNull();
        assertThat(Difference.between(success("{\"a\":\"x\"}"), success("{\"a\":\"longer\"}")))
                .isNull();
        assertThat(Difference.between(success("[1]"), success("[]"))).startsWith("body");
        assertThat(Difference.between(success("{\"a\":1}"), success("{\"a\":null}")))
                .startsWith("body");
        assertThat(Difference.between(success("{\"a\":1}"), success("{\"a\":1,\"b\":1}")))
                .startsWith("body");
    }

    @Test
    void whatIsAbsentHasTheFormOfWhatIsThere() {
        String token = TokenFormat.mint(TokenKind.SESSION, new SecureRandom()).exposeText();
        for (String text : List.of(FOREIGN, "HOT_ours", token)) {
            assertThat(Absent.like(text)).isNotEqualTo(text).hasSameSizeAs(text);
        }
        assertThat(Absent.like(FOREIGN)).startsWith(FOREIGN.substring(0, 28));
        assertThat(TokenFormat.parse(Absent.like(token))).isEqualTo(TokenKind.SESSION);
    }

    @Test
    void everyTextOfARequestIsInTheTableAndNothingElse() {
        Map<String, Set<String>> table = Requests.table();
        assertThat(table.keySet()).containsExactly("names", "texts");
        Set<String> all = new TreeSet<>();
        table.values().forEach(all::addAll);
        assertThat(all).hasSize(table.get("names").size() + table.get("texts").size());
        assertThat(all).isEqualTo(Requests.read().names());
    }
}
