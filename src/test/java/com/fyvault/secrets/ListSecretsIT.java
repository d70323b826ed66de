package com.fyvault.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A list is bounded by count and by bytes, and an injectionConfig is small and comes back as it was. */
class ListSecretsIT extends ServerTest {
    private static final int LARGEST_CONFIG = 4_096;
    private static final String FRAME = "{\"a\":\"\"}";

    private int number;

    /** Creates a secret with a config as it stands in the request. */
    private Api.Answer create(String config) {
        return server.api()
                .send(
                        "POST",
                        "/secrets",
                        "{\"name\":\"C" + ++number + "\",\"value\":\"v\",\"injectionConfig\":" + config + "}");
    }

    private static String config(int bytes) {
        return "{\"a\":\"" + "x".repeat(bytes - FRAME.length()) + "\"}";
    }

    @Test
    void aConfigIsAsLargeAsItMayBeAndNoLarger() {
        assertThat(create(config(LARGEST_CONFIG)).status()).isEqualTo(201);
        Api.Answer refused = create(config(LARGEST_CONFIG + 1));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("INVALID_FIELD");
        assertThat(create("{\"a\":\"" + "ä".repeat(LARGEST_CONFIG / 2) + "\"}").status())
                .isEqualTo(400);
    }

    @Test
    void aConfigComesBackAsItWas() {
        String sent = "{\"a\":[1,-7,1.5,0.1,123456789012345678901234567890,true,null,\"\\\\u0000\",\"😀\"],\"b\":{}}";
        Api.Answer made = create(sent);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.data().getJsonObject("injectionConfig").encode())
                .isEqualTo(new JsonObject(sent).encode())
                .contains("123456789012345678901234567890", "0.1");
    }

    @Test
    void whatWouldNotComeBackAsItWasIsRefused() {
        for (String wrong : List.of(
                "{\"a\":0.12345678901234567890}",
                "{\"a\":[{\"b\":1234567890.12345678901}]}",
                "{\"a\":1e300}",
                "{\"a\":1e-300}",
                "{\"a\":1e999999999}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"x\\udc00y\"}",
                "{\"\\ud800\":1}",
                "{\"a\":\"\\u0000\"}")) {
            Api.Answer refused = create(wrong);
            assertThat(refused.status()).as(wrong + " " + refused.text()).isEqualTo(400);
            assertThat(refused.code()).as(wrong).isEqualTo("INVALID_FIELD");
        }
    }

    @Test
    void aListGoesOnWhereItsPageEnded() {
        UUID project = project();
        crowd(project, 1_500, config(40));
        Api.Answer first = server.api().get("/projects/" + project + "/secrets");
        assertThat(first.list()).hasSize(1_000);
        assertThat(ids(project, "")).hasSize(1_500);
        assertThat(ids(project, "&limit=7&search=crowd_12")).hasSize(111);
    }

    @Test
    void aListOfLargeConfigsIsAboutOneMebibyte() {
        UUID project = project();
        crowd(project, 400, config(LARGEST_CONFIG));
        Api.Answer first = server.api().get("/projects/" + project + "/secrets");
        assertThat(first.text().length()).isBetween(900_000, 1024 * 1024);
        assertThat(ids(project, "")).hasSize(400);
    }

    @Test
    void whatIsNoCursorOrLimitIsRefused() {
        for (String wrong : List.of("cursor=x", "limit=0", "limit=1001", "limit=x")) {
            assertThat(server.api().get("/secrets?" + wrong).status()).isEqualTo(400);
        }
    }

    private UUID project() {
        JsonObject made = server.api()
                .post("/projects", new JsonObject().put("name", "many-" + ++number))
                .data();
        UUID project = UUID.fromString(made.getString("id"));
        Api.Answer first = server.api()
                .post(
                        "/projects/" + project + "/secrets",
                        new JsonObject().put("name", "CROWD_0").put("value", "v"));
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        return project;
    }

    /** Fills the project with secrets like its first one. */
    private void crowd(UUID project, int secrets, String config) {
        server.database().execute("""
                with first as (select * from secret where project_id = ?), added as (
                    insert into secret (org_id, secret_id, project_id, name, name_key, secret_type, injection_config,
                                        encryption_mode, created_by)
                    select org_id, gen_random_uuid(), project_id, 'CROWD_' || n, 'crowd_' || n, secret_type, ?::jsonb,
                           encryption_mode, created_by from first, generate_series(1, ?) n
                    returning org_id, secret_id
                )
                insert into secret_value (org_id, environment_id, secret_id, current_version, changed_version, seal)
                select v.org_id, v.environment_id, a.secret_id, 1, v.changed_version, v.seal
                  from added a, first f join secret_value v on v.secret_id = f.secret_id
                """, project, config, secrets - 1);
    }

    /** Every id of a list, page after page; none twice. */
    private List<String> ids(UUID project, String query) {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            Api.Answer page = server.api()
                    .get("/projects/" + project + "/secrets?environment=production" + query
                            + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            page.list().forEach(item -> ids.add(((JsonObject) item).getString("id")));
            cursor = page.header("x-next-cursor");
        } while (!cursor.isEmpty());
        assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
        return ids;
    }
}
