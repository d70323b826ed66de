package com.fyvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code fyvault dev --demo} fills, over the API of a real server. */
class DemoIT {
    @Test
    void addsWhatIsMissingAndASecondTimeNothing() throws IOException {
        try (TestServer server = TestServer.start(Map.of("postgres.acquire.timeout.millis", "5000"));
                ApiClient api = new ApiClient(server.port(), server.orgId(), server.ownerKey())) {
            Demo demo = new Demo(api, server::key);
            int versions = DemoSecret.all().stream()
                    .flatMap(secret -> secret.versions().stream())
                    .mapToInt(Integer::intValue)
                    .sum();
            // An earlier run was cut short after the first version of the first secret.
            DemoSecret first = DemoSecret.all().getFirst();
            var _ = api.post("/projects", new JsonObject().put("name", first.project()));
            var _ = api.post(
                    "/projects/" + first.project() + "/secrets?environment=development", first.toCreate("development"));

            assertThat(demo.fill())
                    .contains("200 secrets in 3 projects")
                    .endsWith(
                            "added " + (versions - 1)
                                    + " versions, 8 keys, 1 sessions, 1 agents, 1 providers, 1 devices and 1 break-glass tokens.");
            assertThat(api.list("/projects/web-shop/secrets?environment=*")).hasSize(67);

            assertThat(demo.fill())
                    .endsWith(
                            "added 0 versions, 0 keys, 0 sessions, 0 agents, 0 providers, 0 devices and 0 break-glass tokens.");
        }
    }
}
