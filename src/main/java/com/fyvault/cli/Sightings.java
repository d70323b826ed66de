package com.fyvault.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fyvault.scan.Batch;
import com.fyvault.scan.Candidate;
import com.fyvault.scan.Finding;
import com.fyvault.scan.Reporter;
import com.fyvault.scan.ScanError;
import com.fyvault.scan.WatchedRepository.ReportRefused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reports what was found to the organization's server, which ends what is the organization's own. The secrets travel in the
 * body and nowhere else: over TLS, or to this very machine.
 */
final class Sightings implements Reporter {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MOST_ATTEMPTS = 5;
    private static final long LONGEST_PAUSE_SECONDS = 60;
    /** What the server takes of a text, and of the place where it was. */
    private static final int LONGEST_TEXT = 16 * 1024;

    private static final int LONGEST_PATH = 256;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private final URI address;
    private final String key;
    private final String repository;
    private final BiConsumer<Finding, String> ours;

    /**
     * Where it is reported to.
     *
     * @param server with the version, such as {@code https://vault.example/api/v1}
     */
    record Door(String server, String organization, String key) {
        Door {
            if (!server.matches("https://[!-~]{1,500}|http://(127\\.0\\.0\\.1|localhost)(:[0-9]{1,5})?/[!-~]{1,500}")) {
                throw new ScanError("the server's address begins with https://");
            }
            if (!organization.matches("[0-9a-fA-F-]{36}") || !key.matches("[!-~]{1,4000}")) {
                throw new ScanError("an organization is a UUID, and a key has no spaces");
            }
        }
    }

    /**
     * Reports of one repository.
     *
     * @param ours is told of each finding that is the organization's own, and what it is
     */
    Sightings(Door door, String repository, BiConsumer<Finding, String> ours) {
        this.address = URI.create(door.server() + "/orgs/" + door.organization() + "/leaks/sightings");
        this.key = door.key();
        this.repository = repository;
        this.ours = ours;
    }

    @Override
    public void report(List<Candidate> candidates) {
        deliver(candidates.stream().filter(Sightings::isFit).toList());
    }

    /** What the server does not take together it is given in halves: one odd text must not keep the others from it. */
    private void deliver(List<Candidate> candidates) {
        if (candidates.isEmpty() || delivered(candidates) || candidates.size() == 1) {
            return;
        }
        int half = candidates.size() / 2;
        deliver(candidates.subList(0, half));
        deliver(candidates.subList(half, candidates.size()));
    }

    /** False when the server finds something wrong with what it was sent. */
    private boolean delivered(List<Candidate> candidates) {
        Wiped body = new Wiped();
        try {
            write(body, candidates);
            byte[] bytes = body.toByteArray();
            try {
                @Nullable JsonNode answer = send(bytes);
                if (answer != null) {
                    tell(candidates, answer);
                }
                return answer != null;
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        } catch (IOException unreachable) {
            throw new ReportRefused("cannot report to " + address.getHost() + ": " + unreachable);
        } finally {
            body.wipe();
        }
    }

    /** What is no text or too long is nothing that the server has. */
    private static boolean isFit(Candidate candidate) {
        if (candidate.secret().length > LONGEST_TEXT) {
            return false;
        }
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(candidate.secret()));
            return true;
        } catch (CharacterCodingException noText) {
            return false;
        }
    }

    private void write(Wiped body, List<Candidate> candidates) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("repository", repository);
            json.writeArrayFieldStart("items");
            for (Candidate candidate : candidates) {
                Finding finding = candidate.finding();
                json.writeStartObject();
                json.writeFieldName("text");
                json.writeUTF8String(candidate.secret(), 0, candidate.secret().length);
                json.writeStringField("path", cut(finding.place().path()));
                json.writeNumberField("line", finding.line());
                if (finding.place().commit() != null) {
                    json.writeStringField("commit", finding.place().commit());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static String cut(String path) {
        String plain = Finding.plain(path);
        return plain.codePointCount(0, plain.length()) <= LONGEST_PATH
                ? plain
                : plain.substring(0, plain.offsetByCodePoints(0, LONGEST_PATH));
    }

    private void tell(List<Candidate> candidates, JsonNode answer) throws IOException {
        JsonNode items = answer.path("data").path("items");
        if (items.size() != candidates.size()) {
            throw new IOException("the answer is of something else");
        }
        for (int i = 0; i < candidates.size(); i++) {
            for (JsonNode found : items.get(i).path("found")) {
                ours.accept(candidates.get(i).finding(), said(found));
            }
        }
    }

    private static String said(JsonNode found) {
        String what = found.path("kind").asText() + " " + found.path("name").asText() + " ("
                + found.path("id").asText() + ")";
        return found.path("kind").asText().equals("SECRET")
                ? what + " in " + found.path("environment").asText() + ": have its issuer replace it"
                : what + ": revoked";
    }

    /** Null when the server will not take this body, however often it comes. */
    private @Nullable JsonNode send(byte[] body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .timeout(LIMIT)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        for (int attempt = 1; ; attempt++) {
            @Nullable HttpResponse<byte[]> answer = attempted(request, attempt);
            if (answer != null && answer.statusCode() == 200) {
                return MAPPER.readTree(answer.body());
            }
            if (answer != null && (answer.statusCode() == 400 || answer.statusCode() == 413)) {
                return null;
            }
            boolean again = answer == null || answer.statusCode() == 429 || answer.statusCode() >= 500;
            if (!again || attempt == MOST_ATTEMPTS) {
                throw new ReportRefused("the server answered " + (answer == null ? "nothing" : answer.statusCode())
                        + " to a report" + (answer == null ? "" : ": " + code(answer.body())));
            }
            long asked = answer == null
                    ? attempt
                    : answer.headers().firstValueAsLong("retry-after").orElse(attempt);
            pause(Math.clamp(asked, 1, LONGEST_PAUSE_SECONDS));
        }
    }

    /** Null when there was no answer, and it may be tried again: a report that comes twice is one. */
    private @Nullable HttpResponse<byte[]> attempted(HttpRequest request, int attempt) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ReportRefused("interrupted");
        } catch (IOException unreachable) {
            if (attempt == MOST_ATTEMPTS) {
                throw unreachable;
            }
            return null;
        }
    }

    private static String code(byte[] body) {
        try {
            return MAPPER.readTree(body).path("code").asText("");
        } catch (IOException none) {
            return "";
        }
    }

    private static void pause(long seconds) {
        try {
            Thread.sleep(Duration.ofSeconds(seconds));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ReportRefused("interrupted");
        }
    }

    /** A buffer whose bytes do not stay. */
    private static final class Wiped extends ByteArrayOutputStream {
        Wiped() {
            // Never grown, which would leave a copy behind: a hundred texts with every byte escaped, and their places.
            super(Batch.MOST * (LONGEST_PATH * 6 + 512) + 6 * (128 * 1024 + LONGEST_TEXT));
        }

        void wipe() {
            Arrays.fill(buf, (byte) 0);
        }
    }
}
