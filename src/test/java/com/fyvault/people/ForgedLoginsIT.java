package com.fyvault.people;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.api.LoginToken;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A token that nobody has made here is refused by itself. While the test holds the tables of logins and what they lead to,
 * every look-up waits, and PostgreSQL shows it waiting.
 */
class ForgedLoginsIT extends ServerTest {
    private static final String HELD =
            "lock table login_session, membership, credential, team in access exclusive mode";
    private static final String WAITING =
            "select count(*) from pg_stat_activity where datname = ? and wait_event_type = 'Lock'";
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final long LOOK_NANOS = 1_000_000;
    private static final String EMAIL = "real@example.com";

    private TestPeople people;
    private String real = "";
    private List<String[]> routes = List.of();

    @Override
    protected Map<String, String> settings() {
        return Map.of("postgres.statement.timeout.millis", "60000", "postgres.deadline.millis", "120000");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
        people.join(people.plant(EMAIL, TestPeople.hash()), server.orgId(), Role.DEVELOPER);
        real = people.login(EMAIL);
        String key = "//api/v1/users/me/api-keys/" + UUID.randomUUID();
        String team = "//api/v1/teams/" + UUID.randomUUID() + "/api-keys";
        routes = List.of(
                new String[] {"PATCH", key, "{}"},
                new String[] {"DELETE", key, null},
                new String[] {"POST", "//api/v1/users/me/api-keys", "{\"organization\":\"" + server.orgId() + "\"}"},
                new String[] {"GET", team, null},
                new String[] {"POST", team, "{}"},
                new String[] {"GET", "//api/v1/users/me", null},
                new String[] {"GET", "/secrets", null},
                new String[] {"GET", "/secrets/by-name/NONE/value", null});
    }

    /** Ways to come by what looks like a login. */
    enum Forgery {
        OTHER_SIGNATURE {
            @Override
            String of(String real) {
                char last = real.charAt(real.length() - 10);
                return real.substring(0, real.length() - 10)
                        + (last == 'A' ? 'B' : 'A')
                        + real.substring(real.length() - 9);
            }
        },
        NO_SIGNATURE {
            @Override
            String of(String real) {
                return base64("{\"typ\":\"JWT\",\"alg\":\"none\"}") + "." + real.split("\\.")[1] + ".";
            }
        },
        OTHER_PERSON {
            @Override
            String of(String real) {
                String[] parts = real.split("\\.");
                String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
                return parts[0] + "."
                        + base64(claims.replaceFirst("\"sub\":\"[^\"]*\"", "\"sub\":\"" + UUID.randomUUID() + "\""))
                        + "." + parts[2];
            }
        },
        NO_TOKEN_AT_ALL {
            @Override
            String of(String real) {
                return "eyJhbGciOiJFUzI1NiJ9";
            }
        };

        abstract String of(String real);

        private static String base64(String text) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLookedUpForAForgedToken(Forgery forgery) throws SQLException {
        String forged = forgery.of(real);
        assertThat(forged).isNotEqualTo(real);
        int asked = 0;
        try (Connection held = held()) {
            for (String[] route : routes) {
                isRefused(answered(server.api(forged).sendLater(route[0], route[1], route[2])), 401, "TOKEN_INVALID");
                asked++;
            }
            held.rollback();
        }
        Figures.print(new Figures.Line("logins", "forged: " + forgery, 0, asked, 0, "look-ups=0"));
    }

    @Test
    void nothingIsLookedUpForACookieOfAnotherShape() throws SQLException {
        try (Connection held = held()) {
            for (String[] route : routes) {
                CompletableFuture<Api.Answer> answer = server.api(null)
                        .sendLater(
                                route[0],
                                route[1],
                                route[2],
                                "cookie",
                                LoginToken.COOKIE + "=" + LoginToken.COOKIE_PREFIX + "A".repeat(49),
                                "sec-fetch-site",
                                "same-origin",
                                "content-type",
                                "application/json");
                isRefused(answered(answer), 401, "TOKEN_INVALID");
            }
            held.rollback();
        }
    }

    /** Else the others would prove nothing. */
    @Test
    void aTokenThatWasMadeHereIsLookedUp() throws SQLException {
        for (String[] route : routes) {
            // Another login each time: what was looked up a moment ago is remembered.
            Api api = server.api(people.login(EMAIL));
            CompletableFuture<Api.Answer> answer;
            try (Connection held = held()) {
                answer = api.sendLater(route[0], route[1], route[2]);
                assertThat(waits()).as(route[0] + " " + route[1]).isTrue();
                assertThat(answer).isNotDone();
                held.rollback();
            }
            assertThat(answer.join().status()).isNotEqualTo(401);
        }
    }

    /** The answer, which nothing was looked up for: a look-up would wait yet, also when the server has given it up. */
    private Api.Answer answered(CompletableFuture<Api.Answer> later) {
        Api.Answer answer =
                later.orTimeout(PATIENCE_NANOS, TimeUnit.NANOSECONDS).join();
        assertThat(waiting()).isZero();
        return answer;
    }

    private long waiting() {
        return server.database().count(WAITING, server.database().name());
    }

    /** True when a look-up comes to wait for the tables within a few seconds. */
    private boolean waits() {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < end) {
            if (waiting() > 0) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return false;
    }

    /** Holds the tables until it is rolled back or closed. */
    private Connection held() throws SQLException {
        Connection held = server.database().superuser();
        held.setAutoCommit(false);
        try (Statement statement = held.createStatement()) {
            boolean _ = statement.execute(HELD);
        }
        return held;
    }
}
