package com.fyvault.scan;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Looks for secrets in a text that a client sends. The text is bytes all the way, which are cleared once it is answered;
 * nothing of it is kept, and its record says only how many were found. A text can be written to take its time, so that
 * there are workers for this alone, and only so many wait for them.
 */
final class ScanText {
    /** Bytes of a text. */
    static final int LONGEST = 1024 * 1024;
    /** Texts that are looked at or wait, on this node. */
    static final int MOST_WAITING = 16;

    private static final int LONGEST_NAME = 1024;
    private static final int WORKERS = 2;

    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();

    ScanText(Vertx vertx) {
        this.workers = vertx.createSharedWorkerExecutor("fyvault-scan", WORKERS);
    }

    Future<Answer> scan(Call call) {
        byte @Nullable [] text = call.body().secret("text");
        @Nullable String source = call.body().optionalText("sourceRef", LONGEST_NAME);
        if (text == null) {
            throw Fields.invalid("text", "is missing");
        }
        if (text.length > LONGEST) {
            throw Fields.invalid("text", "is longer than " + LONGEST + " bytes");
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            throw Refusal.of(ErrorCode.OVERLOADED);
        }
        Place place = Place.file(source == null ? "" : source);
        return workers.executeBlocking(() -> Usual.DETECTOR.scan(text, text.length, place), false)
                .onComplete(done -> waiting.decrementAndGet())
                .map(found -> {
                    call.record().detail("count", found.findings().size());
                    return Answer.ok(shown(found));
                });
    }

    private static JsonObject shown(Detector.Found found) {
        JsonArray findings = new JsonArray();
        for (Finding finding : found.findings()) {
            findings.add(new JsonObject()
                    .put("pattern_name", finding.rule())
                    .put("matched_text", finding.masked())
                    .put("line_number", finding.line())
                    .put("confidence", finding.confidence().text()));
        }
        return new JsonObject()
                .put("findings", findings)
                .put("total_findings", findings.size())
                .put("truncated", found.cut());
    }

    /** Made by the first worker that needs it. */
    private static final class Usual {
        private static final Detector DETECTOR = Detector.ofTexts(RuleSet.own());
    }
}
