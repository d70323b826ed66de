package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.LogCapture;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ScanTextIT extends ServerTest {
    private final Samples samples = new Samples(8);

    @Nested
    class Answers200 {
        @Test
        void toATextWithSecrets() {
            String key = samples.draw("fyvault-api-key");
            String pat = samples.draw("github-pat");
            JsonObject data = scan("a\nkey = " + key + "\n\npat: " + pat + "\n", "cli-scan")
                    .data();
            JsonArray findings = data.getJsonArray("findings");
            assertThat(data.getInteger("total_findings")).isEqualTo(2);
            assertThat(data.getBoolean("truncated")).isFalse();
            JsonObject first = findings.getJsonObject(0);
            assertThat(first.fieldNames())
                    .containsExactlyInAnyOrder("pattern_name", "matched_text", "line_number", "confidence");
            assertThat(first.getString("pattern_name")).isEqualTo("fyvault-api-key");
            assertThat(first.getString("matched_text")).isEqualTo("fv_l****" + key.substring(53));
            assertThat(first.getInteger("line_number")).isEqualTo(2);
            assertThat(first.getString("confidence")).isEqualTo("high");
            assertThat(findings.getJsonObject(1).getInteger("line_number")).isEqualTo(4);
            assertThat(data.encode()).doesNotContain(key).doesNotContain(pat);
        }

        @Test
        void toACleanOneAndToNone() {
            for (String text : List.of("nothing here\u001b\f", "")) {
                JsonObject data = scan(text, null).data();
                assertThat(data.getJsonArray("findings")).isEmpty();
                assertThat(data.getInteger("total_findings")).isZero();
            }
        }

        @Test
        void atTheLimit() {
            String key = samples.draw("github-pat");
            JsonObject data = scan("x".repeat(ScanText.LONGEST - key.length() - 1) + "\n" + key, "a")
                    .data();
            assertThat(data.getInteger("total_findings")).isEqualTo(1);
        }

        @Test
        void andKeepsNothingOfTheText() {
            String key = samples.draw("github-pat");
            try (LogCapture log = LogCapture.open()) {
                assertThat(scan(key, key).status()).isEqualTo(200);
                assertThat(log.linesWith(key.substring(4))).isEmpty();
            }
            Api.Answer audit = owner.get("/audit?action=text.scan&limit=5");
            assertThat(audit.status()).isEqualTo(200);
            assertThat(audit.text()).contains("text.scan").doesNotContain(key.substring(4));
        }
    }

    @Nested
    class Answers413 {
        @Test
        void toALargerBodyThanATextNeeds() {
            Api.Answer response = owner.post("/scan/text", new JsonObject().put("text", "x".repeat(3 * 1024 * 1024)));
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.code()).isEqualTo("BODY_TOO_LARGE");
        }
    }

    @Nested
    class Answers503 {
        /** Texts full of keywords take their time: so many wait, others go on being answered, and one more is refused. */
        @Test
        void whenTooManyWait() {
            String hostile = "-eyJ".repeat(ScanText.LONGEST / 8);
            String body = new JsonObject().put("text", hostile).encode();
            List<CompletableFuture<Api.Answer>> sent = new ArrayList<>();
            for (int i = 0; i < 2 * ScanText.MOST_WAITING; i++) {
                sent.add(owner.sendLater("POST", "/scan/text", body));
            }
            assertThat(owner.get("/secrets").status()).isEqualTo(200);
            List<Integer> statuses = sent.stream()
                    .map(CompletableFuture::join)
                    .map(Api.Answer::status)
                    .toList();
            assertThat(statuses).containsOnly(200, 503);
            assertThat(statuses.stream().filter(status -> status == 200).count())
                    .isGreaterThanOrEqualTo(ScanText.MOST_WAITING);
            assertThat(scan(hostile, "a").data().getBoolean("truncated")).isTrue();
        }
    }

    @Nested
    class Answers400 {
        @Test
        void toNoText() {
            refused(new JsonObject());
            refused(new JsonObject().put("text", 5));
            refused(new JsonObject().put("text", "x".repeat(ScanText.LONGEST + 1)));
            refused(new JsonObject().put("text", "x").put("sourceRef", "x".repeat(1025)));
        }

        private void refused(JsonObject body) {
            Api.Answer response = owner.post("/scan/text", body);
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.code()).isEqualTo("INVALID_FIELD");
        }
    }

    private Api.Answer scan(String text, String source) {
        return owner.post("/scan/text", new JsonObject().put("text", text).put("sourceRef", source));
    }
}
