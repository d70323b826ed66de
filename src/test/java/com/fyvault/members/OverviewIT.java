package com.fyvault.members;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The figures of an organization, and what has happened in it. */
class OverviewIT extends MemberTest {
    private static JsonObject project(JsonObject overview, String name) {
        return overview.getJsonArray("projects").stream()
                .map(JsonObject.class::cast)
                .filter(project -> project.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void figuresAreThoseOfTheOrganizationAndNoOther() {
        JsonObject before = owner.get("/overview").data();
        var _ = server.anotherOrg();
        String billing = project("billing");
        Person person = person("counted@example.com", Role.VIEWER);
        server.key(new JsonObject().put("label", "soon").put("expiresInDays", 29));
        server.key(new JsonObject().put("label", "late").put("expiresInDays", 31));
        server.database()
                .execute(
                        "update credential set last_used_at = now() - interval '91 days' where org_id = ? and label = 'late'",
                        server.orgId());
        JsonObject body = new JsonObject()
                .put("assignedOnly", true)
                .put("projects", new JsonObject().put("billing", "developer"));
        assertThat(owner.patch(person.path(), body).status()).isEqualTo(200);
        JsonObject now = owner.get("/overview").data();
        assertThat(now.getInteger("projectCount")).isEqualTo(before.getInteger("projectCount") + 1);
        assertThat(now.getLong("secretCount")).isEqualTo(before.getLong("secretCount") + 1);
        assertThat(now.getLong("memberCount")).isEqualTo(before.getLong("memberCount") + 1);
        assertThat(now.getLong("keyCount")).isEqualTo(before.getLong("keyCount") + 3);
        assertThat(now.getLong("keysExpiringSoon")).isEqualTo(before.getLong("keysExpiringSoon") + 1);
        assertThat(now.getLong("keysUnused")).isEqualTo(before.getLong("keysUnused") + 1);
        assertThat(now.getBoolean("complete")).isTrue();
        JsonObject shown = project(now, "billing");
        assertThat(shown.getString("projectId")).isEqualTo(billing);
        assertThat(shown.getJsonArray("access"))
                .containsExactly(new JsonObject()
                        .put("userId", person.id().toString())
                        .put("email", person.email())
                        .put("role", "developer"));
        assertThat(now.getJsonArray("accessEverywhere").encode()).doesNotContain(person.email());
    }

    /** More keys and secrets than are counted: the figures say so, and cost no more. */
    @Test
    void aLargeOrganizationIsCountedUpToABound() {
        Bootstrap.Made large = TestServer.await(server.app().bootstrap().make("Large", "large@example.com"));
        Api api = server.api(large.key().exposeText()).in(large.orgId().toString());
        server.database()
                .execute(
                        "insert into credential (org_id, credential_id, token_hash, kind, label, last4, scopes, created_by,"
                                + " changed_epoch, seal) select ?, gen_random_uuid(), sha256(('k' || n)::bytea),"
                                + " 'API_KEY', 'many', 'last', '{}', 'system', 1, '' from generate_series(1, ?) n",
                        large.orgId(),
                        OverviewStore.MOST_KEYS + 50);
        int secrets = Lane.count(OverviewStore.MOST_SECRETS + 50, 20_000);
        server.database()
                .execute(
                        "insert into secret (org_id, secret_id, project_id, name, name_key, secret_type, encryption_mode,"
                                + " created_by) select ?, gen_random_uuid(), ?, 'S' || n, 's' || n, 'GENERIC', 'server',"
                                + " 'system' from generate_series(1, ?) n",
                        large.orgId(),
                        large.projectId(),
                        secrets);
        server.database().execute("analyze credential, secret");
        assertThat(api.get("/overview").status()).isEqualTo(200);
        long began = System.nanoTime();
        JsonObject now = api.get("/overview").data();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        assertThat(now.getBoolean("complete")).isFalse();
        assertThat(now.getInteger("keyCount")).isEqualTo(OverviewStore.MOST_KEYS + 1);
        assertThat(now.getInteger("secretCount")).isEqualTo(Math.min(secrets, OverviewStore.MOST_SECRETS));
        Figures.print(new Figures.Line(
                "members", "overview of a large organization", 0, secrets, 0, "took " + millis + " ms"));
    }

    @Test
    void aTokenThatSeesAPartIsToldNoFigures() {
        Api confined = withKey(new JsonObject().put("projects", Bodies.texts("default")));
        isRefused(confined.get("/overview"), 403, "SCOPE_MISSING");
        Person viewer = person("nosy@example.com", Role.VIEWER);
        isRefused(viewer.api().get("/overview"), 403, "SCOPE_MISSING");
        isRefused(viewer.api().get("/activity"), 403, "SCOPE_MISSING");
    }

    @Test
    void activityIsChangesAndNotReads() {
        server.createSecret("SEEN", "value");
        assertThat(owner.get("/secrets/by-name/SEEN/value").status()).isEqualTo(200);
        assertThat(owner.get("/members").status()).isEqualTo(200);
        Person person = person("active@example.com", Role.VIEWER);
        assertThat(owner.patch(person.path(), role("member")).status()).isEqualTo(200);
        isRefused(person.api().patch(person.path(), role("admin")), 403, "SCOPE_MISSING");
        List<String> actions = actions(owner.get("/activity"));
        assertThat(actions.get(0)).isEqualTo("member.update");
        assertThat(actions).contains("member.transfer", "secret.create").doesNotContain("secret.read", "member.list");
        // The pages together are the list.
        List<String> paged = new ArrayList<>();
        String cursor = "";
        for (int i = 0; i < 50; i++) {
            Api.Answer page = owner.get("/activity?limit=2" + cursor);
            paged.addAll(actions(page));
            String next = page.header("x-next-cursor");
            if (next.isEmpty()) {
                break;
            }
            cursor = "&cursor=" + next;
        }
        assertThat(paged).startsWith(actions.toArray(new String[0]));
        isRefused(owner.get("/activity?limit=201"), 400, "INVALID_FIELD");
        isRefused(owner.get("/activity?cursor=here"), 400, "INVALID_FIELD");
    }

    private static List<String> actions(Api.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonArray events = answer.list();
        return events.stream()
                .map(event -> ((JsonObject) event).getString("action"))
                .toList();
    }
}
