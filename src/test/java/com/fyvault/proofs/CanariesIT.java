package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Canary;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.LogCapture;
import com.fyvault.support.PgDump;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** T05, T06 and T32: what is secret is found nowhere but in the one answer that was asked for it. */
class CanariesIT extends ServerTest {
    @Test
    void valuesAndTokensAreFoundInNoStoreAndNoExhaust() {
        Canary canary = Canary.make();
        Canary control = Canary.make();
        int secrets = Lane.count(1_000, 200);
        List<String> exhaust = new ArrayList<>();
        List<Canary> tokens = new ArrayList<>();
        int planted = 0;
        try (LogCapture log = LogCapture.open()) {
            for (int i = 0; i < secrets; i++) {
                planted += plant(canary, i, exhaust);
            }
            for (int i = 0; i < 10; i++) {
                tokens.add(Canary.of(token(server.person(), "/api-keys", "key").substring(8)));
                tokens.add(
                        Canary.of(token(server.api(), "/access-tokens", "token").substring(7)));
                tokens.addAll(managed("machine " + i));
            }
            server.database().execute("revoke insert on audit_event from fyvault_app");
            planted += breakThings(canary, exhaust);
            server.database().execute("grant insert on audit_event to fyvault_app");
            planted += breakThings(canary, exhaust);
            exhaust.add(metrics());
            exhaust.addAll(log.lines());
        }
        // Stored in clear on purpose: a search that does not find it finds nothing.
        JsonObject described =
                new JsonObject().put("name", "CONTROL").put("value", "v").put("description", control.text());
        assertThat(server.api().post("/secrets", described).status()).isEqualTo(201);
        assertThat(server.api().value("CANARY_0")).contains(canary.text());
        List<String> dump = dump();
        List<String> hits = hits(canary, exhaust, dump);
        tokens.forEach(token -> hits.addAll(hits(token, exhaust, dump)));
        assertThat(dump).anyMatch(row -> !control.foundIn(row).isEmpty());
        hits.addAll(rawFiles(canary, control));
        long accepted = acceptedFromDump();
        Figures.print(new Figures.Line(
                "T05/T06",
                "canaries in stores, WAL, logs and errors",
                planted,
                exhaust.size() + dump.size(),
                hits.size() + accepted,
                "log lines and errors=" + exhaust.size() + " rows=" + dump.size() + " tokens accepted from columns="
                        + accepted));
        assertThat(hits).isEmpty();
        assertThat(accepted).isZero();
    }

    @Test
    void whatACallerPutsAnywhereIsInNoLogAndNoRecord() {
        List<Canary> canaries = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        int rounds = Lane.count(100, 10);
        try (LogCapture log = LogCapture.open()) {
            for (int i = 0; i < rounds; i++) {
                canaries.addAll(everywhere());
            }
            lines.addAll(log.lines());
        }
        server.database()
                .query("select details::text as details from audit_trail where details is not null")
                .forEach(row -> lines.add(String.valueOf(row.get("details"))));
        List<String> hits = new ArrayList<>();
        for (Canary canary : canaries) {
            lines.stream().filter(line -> !canary.foundIn(line).isEmpty()).forEach(hits::add);
        }
        Figures.print(new Figures.Line(
                "T32", "typed canaries in fields, headers, paths", canaries.size(), lines.size(), hits.size(), ""));
        assertThat(hits).isEmpty();
    }

    @Test
    void valuesAreInNoDumpThatPgDumpMakes() {
        Canary canary = Canary.make();
        Canary control = Canary.make();
        int planted = 0;
        for (int i = 1_000; i < 1_050; i++) {
            planted += plant(canary, i, new ArrayList<>());
        }
        JsonObject described =
                new JsonObject().put("name", "DUMPED").put("value", "v").put("description", control.text());
        assertThat(server.api().post("/secrets", described).status()).isEqualTo(201);
        String dump = PgDump.of(server.database());
        List<String> hits = canary.foundIn(dump);
        Figures.print(new Figures.Line(
                "T05", "canaries in pg_dump", planted, dump.lines().count(), hits.size(), ""));
        assertThat(control.foundIn(dump)).isNotEmpty();
        assertThat(hits).isEmpty();
    }

    private static List<String> hits(Canary canary, List<String> exhaust, List<String> dump) {
        List<String> hits = new ArrayList<>();
        exhaust.forEach(text -> canary.foundIn(text).forEach(form -> hits.add("exhaust " + form + ": " + text)));
        dump.forEach(row -> canary.foundIn(row).forEach(form -> hits.add("dump " + form + ": " + row)));
        return hits;
    }

    /** Writes a secret by one of the ways there are; how many canaries it took. */
    private int plant(Canary canary, int i, List<String> exhaust) {
        String value = "v" + "x".repeat(i % 7) + canary.text() + "-" + i;
        JsonObject body = new JsonObject().put("name", "CANARY_" + i).put("secretType", "GENERIC");
        String id = server.api()
                .post("/secrets", body.put("value", value), "Idempotency-Key", "c" + i)
                .data()
                .getString("id");
        String path = "/secrets/" + id;
        JsonObject next = new JsonObject().put("value", value);
        List<Api.Answer> answers = new ArrayList<>();
        switch (i % 5) {
            case 0 -> answers.add(server.api().patch(path, next));
            case 1 -> answers.add(server.api().post(path + "/rotate", next));
            case 2 -> answers.add(server.api().post(path + "/rollback", new JsonObject().put("version", 1)));
            case 3 -> answers.add(server.api().patch(path + "?environment=staging", next, "Idempotency-Key", "p" + i));
            default -> answers.add(server.api().delete(path));
        }
        answers.add(server.api().get("/secrets/" + id));
        answers.add(server.api().get("/secrets/" + id + "/versions"));
        answers.forEach(answer -> exhaust.add(answer.text()));
        assertThat(answers.get(0).status()).as(answers.get(0).text()).isEqualTo(200);
        return 2;
    }

    /** Requests with the canary in them that fail in as many ways as there are; how many. */
    private int breakThings(Canary canary, List<String> exhaust) {
        String text = canary.text();
        JsonObject named = new JsonObject().put("name", "BROKEN").put("secretType", "GENERIC");
        Api api = server.api();
        List<Api.Answer> answers = List.of(
                api.post("/secrets", named.copy().put("name", text).put("value", text)),
                api.post("/secrets", named.copy().put("value", new JsonArray().add(text))),
                api.post("/secrets", named.copy().put("value", text + "x".repeat(1_048_577))),
                api.post("/secrets", named.copy().put("value", text).put("clientEncryptedValue", text)),
                api.post("/secrets", named.copy().put("value", text).put("encryptionMode", text)),
                api.post("/secrets?environment=mars", named.copy().put("value", text)),
                api.send("POST", "/secrets", "{\"value\":\"" + text + "\",\"value\":\"" + text + "\"}"),
                api.send("POST", "/secrets", "{\"value\":\"" + text),
                api.send("POST", "/secrets", "{\"value\":" + text + "}"),
                api.send("POST", "/secrets", "{\"value\":\"" + text + "\\ud800\"}"),
                api.patch("/secrets/by-name/CANARY_0", new JsonObject().put("value", text)),
                api.post("/secrets", named.copy().put("name", "CANARY_0").put("value", text)),
                api.post("/secrets", named.copy().put("value", text + "\0")),
                api.as(text).get("/secrets"));
        answers.forEach(answer -> exhaust.add(answer.text()));
        return answers.size();
    }

    private List<Canary> everywhere() {
        List<Canary> planted = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            planted.add(Canary.makePlain());
        }
        List<String> c = planted.stream().map(Canary::text).toList();
        Api api = server.api();
        List<Api.Answer> answers = List.of(
                api.get("/secrets?search=" + c.get(1) + "&x=" + c.get(2)),
                api.get("/" + c.get(3) + "?environment=" + c.get(3)),
                api.get("/secrets/by-name/" + c.get(4) + "/value"),
                api.get("/secrets", "User-Agent", c.get(5), "X-Forwarded-For", c.get(5)),
                api.get("/secrets", "If-None-Match", c.get(6), "Accept", c.get(6)),
                api.post("/secrets", everyField(c), "Idempotency-Key", c.get(10)),
                server.person()
                        .post(
                                "/api-keys",
                                new JsonObject().put("label", "l").put("scopes", new JsonArray().add(c.get(0)))),
                api.delete("/secrets/" + c.get(11), "If-Match", c.get(11)));
        assertThat(answers).noneMatch(answer -> answer.status() >= 500);
        return planted;
    }

    private static JsonObject everyField(List<String> c) {
        JsonArray list = new JsonArray().add(c.get(8));
        return new JsonObject()
                .put("name", "EVERYWHERE")
                .put("secretType", "GENERIC")
                .put("value", c.get(0))
                .put("description", c.get(7))
                .put("injectionConfig", new JsonObject().put("a", list))
                .put(c.get(9), 7)
                .put("unknown", new JsonObject().put("deep", c.get(9)));
    }

    private static String token(Api by, String path, String field) {
        return by.post(path, new JsonObject().put("label", "canary")).data().getString(field);
    }

    /** What a provider and a device are told once: their tokens, and what signs webhooks, as text and as bytes. */
    private List<Canary> managed(String name) {
        JsonObject named = new JsonObject().put("name", name);
        JsonObject provider = server.api().post("/providers", named).data();
        String webhook = provider.getString("webhookSecret").substring(6);
        String device = server.api().post("/devices", named).data().getString("token");
        return List.of(
                Canary.of(provider.getString("token").substring(7)),
                Canary.of(device.substring(6)),
                Canary.of(webhook),
                Canary.of(new String(Base64.getDecoder().decode(webhook), StandardCharsets.ISO_8859_1)));
    }

    private List<Map<String, Object>> tables() {
        return server.database()
                .query("select table_name::text as name from information_schema.tables"
                        + " where table_schema = 'public' and table_type = 'BASE TABLE'");
    }

    /** Every row of every table as text, bytes in hex, as a dump has them. */
    private List<String> dump() {
        List<String> rows = new ArrayList<>();
        for (Map<String, Object> table : tables()) {
            server.database()
                    .query("select t::text as line from \"" + table.get("name") + "\" t")
                    .forEach(row -> rows.add(String.valueOf(row.get("line"))));
        }
        return rows;
    }

    /** Data files, WAL and the database's own log, after everything has been written out. */
    private List<String> rawFiles(Canary canary, Canary control) {
        if (!server.database().server().isEmbedded()) {
            return List.of();
        }
        server.database().execute("checkpoint");
        Path files = server.database().server().data().getParent();
        assertThat(control.foundUnder(files)).anyMatch(file -> file.contains("pg_wal"));
        return canary.foundUnder(files);
    }

    private String metrics() {
        Api.Answer answer = server.management("/metrics");
        assertThat(answer.status()).isEqualTo(200);
        return answer.text();
    }

    /** How many of all texts and bytes in the credential table open anything when sent as a token. */
    private long acceptedFromDump() {
        Set<String> candidates = new HashSet<>();
        server.database()
                .query("select t::text as line, encode(token_hash, 'hex') as hex,"
                        + " encode(token_hash, 'base64') as base64 from credential t")
                .forEach(row -> {
                    candidates.add(String.valueOf(row.get("hex")));
                    candidates.add(String.valueOf(row.get("base64")).strip());
                    candidates.addAll(List.of(String.valueOf(row.get("line")).split("[(),\"{}]+")));
                });
        return candidates.stream()
                .filter(text -> !text.isBlank() && text.chars().allMatch(ch -> ch > ' ' && ch < 127))
                .filter(text -> server.api(text).get("/secrets").status() == 200
                        || server.api("fv_live_" + text).get("/secrets").status() == 200)
                .count();
    }
}
