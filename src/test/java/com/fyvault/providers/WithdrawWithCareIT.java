package com.fyvault.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a provider does not want to revoke. */
class WithdrawWithCareIT extends ServerTest {
    @Test
    void aNameThatIsEmptyOrMisspeltRevokesNothing() {
        TestProvider provider = TestProvider.register(owner, "careful");
        provider.push("CAREFUL", "one");
        for (String query : List.of(
                "?secret_name=",
                "?secretName=",
                "?secretname=CAREFUL",
                "?name=CAREFUL",
                "?environment=production",
                "?secret_name=CAREFUL&secret_name=",
                "?project=&secret_name=")) {
            Api.Answer answer = provider.api().delete(provider.path() + query);
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.code()).as(query).isEqualTo("INVALID_FIELD");
        }
        assertThat(owner.value("CAREFUL")).isEqualTo("one");
    }

    @Test
    void whatWasRevokedAlreadyIsNoEvent() {
        TestProvider provider = TestProvider.register(owner, "again");
        String id = provider.push("AGAIN", "one").getString("secretId");
        for (int i = 0; i < 3; i++) {
            assertThat(provider.api()
                            .delete(provider.path() + "?secret_name=AGAIN")
                            .status())
                    .isEqualTo(200);
        }
        assertThat(server.database()
                        .count("select count(*) from event where secret_id = ?::uuid and type = 'secret.revoked'", id))
                .isEqualTo(1);
    }

    /** A late delivery must not bring back what the customer has deleted. */
    @Test
    void anOldNumberDoesNotComeBackAfterADeletion() {
        TestProvider provider = TestProvider.register(owner, "deleted");
        String id = numbered(provider, "DELETED", 5).data().getString("secretId");
        assertThat(owner.delete("/secrets/" + id).status()).isEqualTo(200);
        for (long number : new long[] {4, 5}) {
            assertThat(numbered(provider, "DELETED", number).code()).isEqualTo("STALE_PROVIDER_VERSION");
        }
        assertThat(owner.get("/secrets/by-name/DELETED/value").status()).isEqualTo(404);
        assertThat(numbered(provider, "DELETED", 6).status()).isEqualTo(201);
        TestProvider other = TestProvider.register(owner, "deleted too");
        assertThat(numbered(other, "DELETED_TOO", 1).status()).isEqualTo(201);
    }

    private static Api.Answer numbered(TestProvider provider, String name, long number) {
        return provider.push(TestProvider.item(name, "value", "production").put("provider_version", number));
    }
}
