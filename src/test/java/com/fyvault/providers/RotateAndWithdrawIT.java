package com.fyvault.providers;

import static com.fyvault.providers.TestProvider.item;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code PATCH} and {@code DELETE /orgs/{org}/providers/{token}} as a provider itself sends them. */
class RotateAndWithdrawIT extends ServerTest {
    private static JsonObject rotation(String name, String value) {
        return new JsonObject().put("secret_name", name).put("value", value);
    }

    private Api.Answer previous(String name) {
        return owner.get("/secrets/by-name/" + name + "/value?version=previous");
    }

    private String read(String name, String environment) {
        Api.Answer answer = owner.get("/secrets/by-name/" + name + "/value?environment=" + environment);
        return answer.status() == 200 ? answer.data().getString("value") : answer.code();
    }

    /** As if so much time had gone by; the seal is of the later end, so this is asked of the clock alone. */
    private void letGraceEnd(String name) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (previous(name).status() == 200 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aRotationWithGraceLeavesTheOneBeforeToWhoeverAsks() {
        TestProvider provider = TestProvider.register(owner, "grace");
        provider.push("GRACE", "one");
        Api.Answer rotated = provider.rotate(rotation("GRACE", "two").put("gracePeriodSeconds", 3_600));
        assertThat(rotated.status()).as(rotated.text()).isEqualTo(200);
        assertThat(rotated.data().getValue("version")).isEqualTo(2);
        assertThat(rotated.data().getString("previousUntil")).isNotEmpty();
        assertThat(owner.value("GRACE")).isEqualTo("two");
        Api.Answer before = previous("GRACE");
        assertThat(before.data().getString("value")).isEqualTo("one");
        assertThat(before.data().getValue("version")).isEqualTo(1);
        String id = rotated.data().getString("secretId");
        assertThat(owner.get("/secrets/" + id + "/value?version=previous&environment=production")
                        .data()
                        .getString("value"))
                .isEqualTo("one");
        assertThat(owner.get("/audit?request=" + before.requestId()).text())
                .contains("secret.read")
                .contains("previous");
        try (TestServer second = server.secondNode()) {
            assertThat(second.api()
                            .get("/secrets/by-name/GRACE/value?version=previous")
                            .data()
                            .getString("value"))
                    .isEqualTo("one");
            provider.push("GRACE", "three");
            assertThat(second.api()
                            .get("/secrets/by-name/GRACE/value?version=previous")
                            .code())
                    .isEqualTo("VERSION_NOT_FOUND");
        }
        assertThat(owner.get("/secrets/" + id).data().getString("last_rotated_at"))
                .isNotEmpty();
    }

    @Test
    void afterTheGraceItIsAbsent() {
        TestProvider provider = TestProvider.register(owner, "short grace");
        provider.push("SHORT", "one");
        assertThat(provider.rotate(rotation("SHORT", "two").put("gracePeriodSeconds", 2))
                        .status())
                .isEqualTo(200);
        assertThat(previous("SHORT").data().getString("value")).isEqualTo("one");
        letGraceEnd("SHORT");
        assertThat(previous("SHORT").code()).isEqualTo("VERSION_NOT_FOUND");
        assertThat(previous("NEVER_THERE").code()).isEqualTo("VERSION_NOT_FOUND");
        assertThat(owner.value("SHORT")).isEqualTo("two");
    }

    @Test
    void whoMayNotReadTheSecretIsToldNothingOfTheOneBefore() {
        TestProvider provider = TestProvider.register(owner, "guarded");
        JsonObject pushed = provider.push("GUARDED", "one");
        var _ = provider.rotate(rotation("GUARDED", "two").put("gracePeriodSeconds", 3_600));
        String byId = "/secrets/" + pushed.getString("secretId") + "/value?version=previous";
        String byName = "/secrets/by-name/GUARDED/value?version=previous";
        assertThat(provider.api().get(byName).code()).isEqualTo("KIND_NOT_ALLOWED");
        Api writer = withKey(new JsonObject().put("scopes", texts("SECRETS_WRITE")));
        assertThat(writer.get(byName).code()).isEqualTo("SCOPE_MISSING");
        Api other =
                withKey(new JsonObject().put("scopes", texts("SECRETS_READ")).put("allowedSecrets", texts("else*")));
        assertThat(other.get(byName).code()).isEqualTo("SECRET_NOT_ALLOWED");
        assertThat(other.get(byId).code()).isEqualTo("VERSION_NOT_FOUND");
        Api staging =
                withKey(new JsonObject().put("scopes", texts("SECRETS_READ")).put("environments", texts("staging")));
        assertThat(staging.get(byName).code()).isEqualTo("ENVIRONMENT_NOT_ALLOWED");
        assertThat(owner.get("/secrets/by-name/GUARDED/value?version=1").code()).isEqualTo("INVALID_FIELD");
        Api reader = withKey(new JsonObject().put("scopes", texts("SECRETS_READ")));
        assertThat(reader.get(byName).status()).isEqualTo(200);
    }

    @Test
    void aGraceThatIsWrittenByHandReleasesNothing() {
        TestProvider provider = TestProvider.register(owner, "tampered");
        JsonObject pushed = provider.push("TAMPERED", "one");
        provider.push("TAMPERED", "two");
        server.database()
                .execute(
                        "update secret_value set previous_version = 1, previous_until = now() + interval '1 hour',"
                                + " previous_seal = seal where secret_id = ?::uuid",
                        pushed.getString("secretId"));
        assertThat(previous("TAMPERED").code()).isEqualTo("SEALED_VALUE_REFUSED");
    }

    @Test
    void theEnvironmentMayBeLeftOutOnlyWhereThereIsOne() {
        TestProvider provider = TestProvider.register(owner, "places");
        provider.pushTo("staging", "PLACED", "one");
        assertThat(provider.rotate(rotation("PLACED", "two")).status()).isEqualTo(200);
        assertThat(read("PLACED", "staging")).isEqualTo("two");
        provider.pushTo("production", "PLACED", "three");
        assertThat(provider.rotate(rotation("PLACED", "four")).code()).isEqualTo("INVALID_FIELD");
        assertThat(provider.rotate(rotation("PLACED", "four").put("environment", "development"))
                        .code())
                .isEqualTo("SECRET_NOT_FOUND");
        assertThat(provider.rotate(rotation("PLACED", "four").put("environment", "production"))
                        .status())
                .isEqualTo(200);
        assertThat(read("PLACED", "staging")).isEqualTo("two");
        assertThat(read("PLACED", "production")).isEqualTo("four");
    }

    @Test
    void whatItHasNotPushedIsAbsent() {
        TestProvider provider = TestProvider.register(owner, "absent");
        TestProvider other = TestProvider.register(owner, "present");
        other.push("ANOTHERS", "x");
        server.createSecret("OWN", "x");
        for (String name : List.of("ANOTHERS", "OWN", "NONE")) {
            assertThat(provider.rotate(rotation(name, "y")).code()).isEqualTo("SECRET_NOT_FOUND");
            assertThat(provider.rotate(rotation(name, "y").put("environment", "production"))
                            .code())
                    .isEqualTo("SECRET_NOT_FOUND");
            assertThat(provider.api()
                            .delete(provider.path() + "?secret_name=" + name)
                            .code())
                    .isEqualTo("SECRET_NOT_FOUND");
        }
        assertThat(owner.value("ANOTHERS") + owner.value("OWN")).isEqualTo("xx");
        assertThat(provider.api().patch(other.path(), rotation("ANOTHERS", "y")).code())
                .isEqualTo("CREDENTIAL_NOT_FOUND");
        assertThat(provider.api().delete(other.path()).code()).isEqualTo("CREDENTIAL_NOT_FOUND");
        assertThat(owner.patch(provider.path(), rotation("OWN", "y")).code()).isEqualTo("INVALID_FIELD");
        assertThat(provider.rotate(rotation("ANOTHERS", "y").put("gracePeriodSeconds", 604_801))
                        .code())
                .isEqualTo("INVALID_FIELD");
    }

    @Test
    void anOlderNumberRotatesNothing() {
        TestProvider provider = TestProvider.register(owner, "older");
        assertThat(provider.push(item("OLDER", "one", "production").put("provider_version", 5))
                        .status())
                .isEqualTo(201);
        assertThat(provider.rotate(rotation("OLDER", "two").put("provider_version", 5))
                        .code())
                .isEqualTo("STALE_PROVIDER_VERSION");
        assertThat(provider.rotate(rotation("OLDER", "two").put("provider_version", 6))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void oneSecretIsRevokedInAllItsEnvironmentsOnEveryNode() {
        TestProvider provider = TestProvider.register(owner, "leaks");
        JsonObject pushed = provider.push("LEAKED", "one");
        provider.push("LEAKED", "two");
        provider.pushTo("staging", "LEAKED", "three");
        provider.push("KEPT", "kept");
        try (TestServer second = server.secondNode()) {
            Api there = second.api();
            assertThat(there.value("LEAKED")).isEqualTo("two");
            Api.Answer revoked = provider.api()
                    .send(
                            "DELETE",
                            provider.path(),
                            new JsonObject().put("secret_name", "leaked").encode());
            assertThat(revoked.data().getValue("revoked")).isEqualTo(2);
            assertThat(revoked.data().getBoolean("complete")).isTrue();
            for (Api api : List.of(owner, there)) {
                Api.Answer gone = api.get("/secrets/by-name/LEAKED/value");
                assertThat(gone.status()).isEqualTo(410);
                assertThat(gone.code()).isEqualTo("SECRET_REVOKED");
                assertThat(api.get("/secrets/by-name/LEAKED/value?environment=staging")
                                .code())
                        .isEqualTo("SECRET_REVOKED");
                assertThat(api.value("KEPT")).isEqualTo("kept");
            }
            assertThat(previous("LEAKED").code()).isEqualTo("SECRET_REVOKED");
            String id = pushed.getString("secretId");
            assertThat(owner.get("/secrets/" + id + "/versions").list()).hasSize(2);
            assertThat(owner.post("/secrets/" + id + "/rollback", new JsonObject().put("version", 1))
                            .code())
                    .isEqualTo("SECRET_REVOKED");
            assertThat(provider.api()
                            .delete(provider.path() + "?secret_name=LEAKED")
                            .data()
                            .getValue("revoked"))
                    .isEqualTo(0);
            provider.push("LEAKED", "four");
            assertThat(there.value("LEAKED")).isEqualTo("four");
            assertThat(owner.post("/secrets/" + id + "/rollback", new JsonObject().put("version", 2))
                            .code())
                    .isEqualTo("SECRET_REVOKED");
            assertThat(owner.get("/audit?action=provider.withdraw&secret=" + id).list())
                    .isNotEmpty();
        }
    }

    @Test
    void withoutANameEverythingThatItPushedIsRevoked() {
        TestProvider provider = TestProvider.register(owner, "everything");
        TestProvider bystander = TestProvider.register(owner, "bystander");
        bystander.push("BYSTANDER", "x");
        int secrets = 30;
        IntStream.range(0, secrets).forEach(i -> {
            provider.push("ALL_" + i, "x");
            provider.pushTo("staging", "ALL_" + i, "x");
        });
        Api.Answer revoked = provider.api().delete(provider.path());
        assertThat(revoked.data().getValue("revoked")).isEqualTo(2 * secrets);
        assertThat(revoked.data().getValue("secrets")).isEqualTo(secrets);
        for (int i = 0; i < secrets; i++) {
            assertThat(read("ALL_" + i, "production")).isEqualTo("SECRET_REVOKED");
            assertThat(read("ALL_" + i, "staging")).isEqualTo("SECRET_REVOKED");
        }
        assertThat(owner.value("BYSTANDER")).isEqualTo("x");
        Set<String> recorded =
                owner.get("/audit?limit=1000&action=provider.withdraw&token=" + provider.id()).list().stream()
                        .map(event -> ((JsonObject) event).getString("secret_name"))
                        .filter(name -> name != null)
                        .collect(Collectors.toSet());
        assertThat(recorded).hasSize(secrets);
        assertThat(owner.get(provider.path()).data().getBoolean("isActive")).isTrue();
    }

    @Test
    void whatIsOutOfItsReachStays() {
        TestProvider provider = TestProvider.register(owner, "reaching");
        provider.push("REACHED", "x");
        provider.pushTo("staging", "REACHED", "x");
        JsonObject confined = new JsonObject().put("allowedEnvironments", texts("staging"));
        assertThat(owner.patch(provider.path(), confined).status()).isEqualTo(200);
        assertThat(provider.api().delete(provider.path()).data().getValue("revoked"))
                .isEqualTo(1);
        assertThat(read("REACHED", "staging")).isEqualTo("SECRET_REVOKED");
        assertThat(read("REACHED", "production")).isEqualTo("x");
    }
}
