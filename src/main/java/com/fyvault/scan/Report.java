package com.fyvault.scan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fyvault.crypto.Sha256;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a search found, as a text for a person, as JSON or as SARIF 2.1.0 (OASIS). None holds a secret. */
public enum Report {
    TEXT,
    JSON,
    SARIF;

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final int FINGERPRINT = 32;

    /** The whole report, which ends with a new line. */
    public String write(Search.Result result, RuleSet rules) {
        return switch (this) {
            case TEXT -> text(result);
            case JSON -> json(result);
            case SARIF -> sarif(result, rules);
        };
    }

    private static String text(Search.Result result) {
        StringBuilder text = new StringBuilder();
        result.findings().forEach(finding -> text.append(line(finding)));
        return text.append(summary(result)).append('\n').toString();
    }

    /** A finding as a person reads it: a line, and of a history a second one. */
    public static String line(Finding finding) {
        Place place = finding.place();
        String line = String.format(
                Locale.ROOT,
                "%s:%d:%d  %s  %s (%s, %s)%n",
                Finding.plain(place.path()),
                finding.line(),
                finding.column(),
                finding.masked(),
                finding.description(),
                finding.rule(),
                finding.confidence().text());
        return place.commit() == null
                ? line
                : line
                        + String.format(
                                Locale.ROOT,
                                "    since commit %s of %s, %s%n",
                                place.commit(),
                                Finding.plain(String.valueOf(place.author())),
                                place.date());
    }

    private static String summary(Search.Result result) {
        String findings = result.findings().isEmpty()
                ? "no secrets"
                : result.findings().size() == 1 ? "1 secret" : result.findings().size() + " secrets";
        String more = result.binary() == 0 ? "" : ", " + result.binary() + " of them no text";
        return String.format(
                Locale.ROOT, "%s in %d files (%.1f MB%s)", findings, result.contents(), result.bytes() / 1e6, more);
    }

    private static String json(Search.Result result) {
        ObjectNode root = MAPPER.createObjectNode();
        ArrayNode findings = root.putArray("findings");
        result.findings().forEach(finding -> fill(findings.addObject(), finding));
        root.put("total_findings", result.findings().size())
                .put("files", result.contents())
                .put("bytes", result.bytes())
                .put("binary", result.binary())
                .put("not_scanned", result.passedOver());
        ArrayNode named = root.putArray("not_scanned_files");
        result.named().forEach(named::add);
        return print(root);
    }

    /** Adds a finding as a program reads it. */
    public static void fill(ObjectNode node, Finding finding) {
        Place place = finding.place();
        node.put("rule", finding.rule())
                .put("description", finding.description())
                .put("confidence", finding.confidence().text())
                .put("match", finding.masked())
                .put("file", place.path())
                .put("line", finding.line())
                .put("column", finding.column())
                .put("commit", place.commit())
                .put("author", place.author())
                .put("date", place.date())
                .put("fingerprint", fingerprint(finding));
    }

    private static String sarif(Search.Result result, RuleSet rules) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json").put("version", "2.1.0");
        ObjectNode run = root.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "fyvault").put("semanticVersion", "0.1.0");
        Map<String, Integer> numbers = new TreeMap<>();
        ArrayNode described = driver.putArray("rules");
        for (Rule rule : rules.rules()) {
            numbers.put(rule.id(), numbers.size());
            ObjectNode entry = described.addObject().put("id", rule.id());
            entry.putObject("shortDescription").put("text", rule.facts().description());
            entry.putObject("defaultConfiguration")
                    .put("level", level(rule.facts().confidence()));
        }
        ObjectNode invocation = run.putArray("invocations").addObject();
        invocation.put("executionSuccessful", !result.failed());
        ArrayNode notes = invocation.putArray("toolExecutionNotifications");
        for (String name : result.named()) {
            notes.addObject().put("level", "warning").putObject("message").put("text", "not scanned: " + name);
        }
        ArrayNode results = run.putArray("results");
        for (Finding finding : result.findings()) {
            ObjectNode entry = results.addObject();
            entry.put("ruleId", finding.rule()).put("ruleIndex", numbers.get(finding.rule()));
            describe(entry, finding);
        }
        return print(root);
    }

    private static void describe(ObjectNode entry, Finding finding) {
        Place place = finding.place();
        entry.put("level", level(finding.confidence()));
        entry.putObject("message").put("text", finding.description() + ": " + finding.masked());
        ObjectNode location = entry.putArray("locations").addObject().putObject("physicalLocation");
        location.putObject("artifactLocation").put("uri", uri(place.path()));
        location.putObject("region").put("startLine", finding.line()).put("startColumn", finding.column());
        entry.putObject("partialFingerprints").put("fyvault/v1", fingerprint(finding));
        ObjectNode properties = entry.putObject("properties");
        properties.put("confidence", finding.confidence().text());
        if (place.commit() != null) {
            properties
                    .put("commit", place.commit())
                    .put("author", place.author())
                    .put("date", place.date());
        }
    }

    /** The same finding again has the same one, also when lines move. What little is shown of the secret is in it, and no more. */
    private static String fingerprint(Finding finding) {
        String what = String.join("\n", List.of(finding.rule(), finding.place().path(), finding.masked()));
        byte[] hash = Sha256.hash(what.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash).substring(0, FINGERPRINT);
    }

    private static String level(Confidence confidence) {
        return switch (confidence) {
            case HIGH -> "error";
            case MEDIUM -> "warning";
            case LOW -> "note";
        };
    }

    /** A path as a relative reference; an absolute one as the address of a file. */
    private static String uri(String path) {
        try {
            return path.startsWith("/")
                    ? new URI("file", "", path, null).toASCIIString()
                    : new URI(null, null, path, null).toASCIIString();
        } catch (URISyntaxException odd) {
            return "unnamed";
        }
    }

    private static String print(ObjectNode root) {
        try {
            return MAPPER.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("a report could not be written", broken);
        }
    }
}
