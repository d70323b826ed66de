package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.RawHttp;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T35: a path has one canonical form; what is checked is what is used; no form is a bug. */
class PathTricksIT extends ServerTest {
    private static final List<String> ODD = List.of(
            "%00",
            "%20",
            "+",
            "*",
            ".",
            "..",
            "%2e",
            "%2E%2e",
            ";x=1",
            "%2f",
            "%2F",
            "%5c",
            "\\",
            "%0a",
            "%0d%0aX:1",
            "%09",
            "%ff",
            "%",
            "%4",
            "%zz",
            "%u0041",
            "%c0%af",
            "%c1%81",
            "%ef%bc%a1",
            "%d0%90",
            "%25",
            "%2541",
            "%252e",
            "%252f",
            "~",
            "!",
            "$",
            "&",
            "'",
            "(",
            ")",
            ",",
            ":",
            "@",
            "=",
            "|",
            "^",
            "`",
            "\"",
            "<",
            ">",
            "{",
            "}",
            "[",
            "]",
            "\u00e4",
            "\u00c0\u00af",
            "root",
            "null",
            "%7e",
            "-",
            "_",
            "A",
            "%41");
    private static final List<String> QUERIES = List.of(
            "?environment=production",
            "?environment=PRODUCTION",
            "?environment=%70roduction",
            "?environment=",
            "?environment=staging",
            "?environment=%73taging",
            "?environment=production&environment=staging",
            "?environment=staging&environment=production",
            "?environment=production%00",
            "?environment=../staging",
            "?environment=production%2fstaging",
            "?Environment=staging",
            "?environment[]=staging",
            "?environment%00=staging",
            "?environment=staging#production",
            "?environment=staging;environment=production",
            "?%65nvironment=staging",
            "?environment=%2573taging",
            "?environment=*",
            "?environment=staging%20",
            "?environment=+staging",
            "?",
            "??",
            "?&",
            "?environment",
            "?=",
            "?%",
            "?environment=%",
            "?environment=%zz",
            "?environment=%ff");

    private String confined;

    @BeforeAll
    void prepare() {
        for (String name : List.of("ALLOWED", "FORBIDDEN")) {
            String id = server.createSecret(name, "production " + name);
            Api.Answer other = server.api()
                    .patch("/secrets/" + id + "?environment=staging", new JsonObject().put("value", "staging " + name));
            assertThat(other.status()).isEqualTo(200);
        }
        Api.Answer minted = server.api()
                .post(
                        "/access-tokens",
                        new JsonObject()
                                .put("scopes", new JsonArray().add("SECRETS_READ"))
                                .put("allowedSecrets", new JsonArray().add("allowed"))
                                .put("environments", new JsonArray().add("production")));
        assertThat(minted.status()).as(minted.text()).isEqualTo(201);
        confined = minted.data().getString("token");
    }

    @Test
    void everyFormIsTheCanonicalOneOrRefused() {
        Set<String> forms = forms();
        List<String> wrong = new ArrayList<>();
        TreeMap<Integer, Integer> statuses = new TreeMap<>();
        for (String form : forms) {
            RawHttp.Answer owner = RawHttp.get(server.port(), form, server.ownerKey());
            RawHttp.Answer narrow = RawHttp.get(server.port(), form, confined);
            statuses.merge(owner.status(), 1, Integer::sum);
            statuses.merge(narrow.status(), 1, Integer::sum);
            judge(form, owner, wrong);
            judge(form, narrow, wrong);
            if (narrow.body().contains("\"staging ")) {
                wrong.add("confined token got staging by " + form);
            }
            if (narrow.status() == 200 && !narrow.body().contains("\"name\":\"ALLOWED\"")) {
                wrong.add("confined token got " + narrow.body() + " by " + form);
            }
        }
        Figures.print(new Figures.Line(
                "T35",
                "path, name and query tricks",
                forms.size(),
                forms.size() * 2L,
                wrong.size(),
                "statuses=" + statuses));
        assertThat(wrong).isEmpty();
        assertThat(forms).hasSizeGreaterThanOrEqualTo(300);
    }

    private void judge(String form, RawHttp.Answer answer, List<String> wrong) {
        if (answer.status() < 200 || answer.status() >= 500 || !answer.isJson()) {
            wrong.add(answer.status() + " " + answer.body() + " by " + form);
        }
        if (answer.status() == 200 && !leadsTo(form, wanted(answer.body()))) {
            wrong.add("got " + answer.body() + " by " + form);
        }
    }

    private static boolean leadsTo(String form, List<String> wanted) {
        // An absolute target is a form that a server must take (RFC 9112, 3.2.2).
        List<String> found = canonical(form.replaceFirst("^http://vault", "").replaceAll("[?#].*", ""));
        return found.equals(wanted) || found.equals(wanted.subList(0, wanted.size() - 1));
    }

    /** The lower-case segments of a path, decoded once. */
    private static List<String> canonical(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/")) {
            if (!segment.isEmpty()) {
                segments.add(
                        java.net.URLDecoder.decode(segment.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8)
                                .toLowerCase(Locale.ROOT));
            }
        }
        return segments;
    }

    /** The segments that lead to what was answered. */
    private List<String> wanted(String body) {
        String name =
                new JsonObject(body).getJsonObject("data").getString("name").toLowerCase(Locale.ROOT);
        return List.of("api", "v1", "orgs", server.orgId().toString(), "secrets", "by-name", name, "value");
    }

    private Set<String> forms() {
        Set<String> forms = new LinkedHashSet<>();
        List<String> base =
                List.of("api", "v1", "orgs", server.orgId().toString(), "secrets", "by-name", "ALLOWED", "value");
        for (String odd : ODD) {
            for (String name : List.of("ALLOWED" + odd, odd + "ALLOWED", odd, "ALL" + odd + "OWED")) {
                forms.add(with(base, 6, name));
            }
        }
        for (String name : List.of(
                "allowed",
                "Allowed",
                "x/../ALLOWED",
                "ALLOWED/../FORBIDDEN",
                "ALLOWED%2f..%2fFORBIDDEN",
                "ALLOWED/./",
                "ALLOWED;/FORBIDDEN",
                "ALLOWED?/../FORBIDDEN",
                "FORBIDDEN",
                "forbidden",
                "%46ORBIDDEN",
                "FORBIDDEN%00ALLOWED",
                "ALLOWED%00FORBIDDEN",
                "A".repeat(128),
                "A".repeat(129),
                "A".repeat(3_000))) {
            forms.add(with(base, 6, name));
        }
        for (int i = 0; i < "ALLOWED".length(); i++) {
            String hex = Integer.toHexString("ALLOWED".charAt(i));
            forms.add(with(base, 6, "ALLOWED".substring(0, i) + "%" + hex + "ALLOWED".substring(i + 1)));
            forms.add(with(base, 6, "ALLOWED".substring(0, i) + "%25" + hex + "ALLOWED".substring(i + 1)));
        }
        for (int i = 0; i <= base.size(); i++) {
            for (String odd : List.of("", ".", "..", "%2e", "%2e%2e", "%2f", "x", "%00")) {
                List<String> longer = new ArrayList<>(base);
                longer.add(i, odd);
                forms.add("/" + String.join("/", longer));
            }
        }
        for (String query : QUERIES) {
            forms.add("/" + String.join("/", base) + query);
        }
        forms.add("*");
        forms.add("//");
        forms.add("http://vault/" + String.join("/", base));
        return forms;
    }

    private static String with(List<String> base, int position, String segment) {
        List<String> changed = new ArrayList<>(base);
        changed.set(position, segment);
        return "/" + String.join("/", changed);
    }
}
