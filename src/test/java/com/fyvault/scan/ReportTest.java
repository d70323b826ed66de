package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SARIF by its specification (OASIS, 2.1.0): the members that it asks for, of the types that it gives them, and no others. */
class ReportTest {
    @TempDir
    Path directory;

    private final String secret = new Samples(6).draw("github-pat");
    private Search.Result result;

    @BeforeEach
    void find() throws IOException {
        Repository repository = Repository.create(directory.resolve("r"))
                .write("a b/\u00fc.txt", "x\n  " + secret + "\n")
                .write("j.txt", new Samples(6).draw("jwt"));
        var _ = repository.commit("first");
        Search search = new Search(RuleSet.own());
        new GitHistory(search).look(repository.directory());
        search.fail("gone\u001b[2J.txt", "cannot be read");
        result = search.result();
        assertThat(result.findings()).hasSize(2);
    }

    @Test
    void sarifIsWhatTheSpecificationAsksFor() {
        JsonObject sarif = new JsonObject(Report.SARIF.write(result, RuleSet.own()));
        only(sarif, "$schema", "version", "runs");
        assertThat(sarif.getString("version")).isEqualTo("2.1.0");
        assertThat(sarif.getJsonArray("runs")).hasSize(1);
        JsonObject run = sarif.getJsonArray("runs").getJsonObject(0);
        only(run, "tool", "invocations", "results");
        JsonObject driver = run.getJsonObject("tool").getJsonObject("driver");
        only(driver, "name", "semanticVersion", "rules");
        assertThat(driver.getString("name")).isEqualTo("fyvault");
        JsonArray rules = driver.getJsonArray("rules");
        assertThat(rules).hasSize(RuleSet.own().rules().size());
        for (int i = 0; i < rules.size(); i++) {
            only(rules.getJsonObject(i), "id", "shortDescription", "defaultConfiguration");
            level(rules.getJsonObject(i).getJsonObject("defaultConfiguration").getString("level"));
        }
        JsonObject invocation = run.getJsonArray("invocations").getJsonObject(0);
        only(invocation, "executionSuccessful", "toolExecutionNotifications");
        assertThat(invocation.getBoolean("executionSuccessful")).isFalse();
        JsonArray results = run.getJsonArray("results");
        assertThat(results).hasSize(2);
        for (int i = 0; i < results.size(); i++) {
            check(results.getJsonObject(i), rules);
        }
        assertThat(results.encode()).contains("a%20b/%C3%BC.txt").doesNotContain(secret);
    }

    private static void check(JsonObject one, JsonArray rules) {
        only(one, "ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "properties");
        assertThat(rules.getJsonObject(one.getInteger("ruleIndex")).getString("id"))
                .isEqualTo(one.getString("ruleId"));
        level(one.getString("level"));
        assertThat(one.getJsonObject("message").getString("text")).isNotBlank();
        assertThat(one.getJsonObject("partialFingerprints").getString("fyvault/v1"))
                .hasSize(32);
        assertThat(one.getJsonArray("locations")).hasSize(1);
        JsonObject location = one.getJsonArray("locations").getJsonObject(0);
        only(location, "physicalLocation");
        JsonObject physical = location.getJsonObject("physicalLocation");
        only(physical, "artifactLocation", "region");
        assertThat(physical.getJsonObject("artifactLocation").getString("uri")).matches("[\\x21-\\x7e]+");
        assertThat(physical.getJsonObject("region").getInteger("startLine")).isPositive();
        assertThat(physical.getJsonObject("region").getInteger("startColumn")).isPositive();
    }

    @Test
    void jsonSaysEverythingButTheSecret() {
        String text = Report.JSON.write(result, RuleSet.own());
        JsonObject json = new JsonObject(text);
        assertThat(json.getInteger("total_findings")).isEqualTo(2);
        assertThat(json.getInteger("not_scanned")).isEqualTo(1);
        JsonObject first = json.getJsonArray("findings").getJsonObject(0);
        assertThat(first.getString("rule")).isEqualTo("github-pat");
        assertThat(first.getString("file")).isEqualTo("a b/\u00fc.txt");
        assertThat(first.getInteger("line")).isEqualTo(2);
        assertThat(first.getInteger("column")).isEqualTo(3);
        assertThat(first.getString("commit")).hasSize(40);
        assertThat(first.getString("author")).isEqualTo("Ada <ada@example.com>");
        assertThat(text).doesNotContain(secret).doesNotContain("\u001b");
    }

    @Test
    void aPersonReadsALineEach() {
        String text = Report.TEXT.write(result, RuleSet.own());
        assertThat(text)
                .contains("a b/\u00fc.txt:2:3  ghp_****" + secret.substring(36))
                .contains("since commit ")
                .contains("2 secrets in 2 files")
                .doesNotContain(secret);
    }

    private static void only(JsonObject object, String... names) {
        assertThat(object.fieldNames()).isEqualTo(Set.of(names));
    }

    private static void level(String level) {
        assertThat(Set.of("none", "note", "warning", "error")).contains(level);
    }
}
