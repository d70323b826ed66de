package com.fyvault.leaks;

import static com.fyvault.support.Answers.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.factors.FactorPerson;
import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.Lane;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What happens to a text at the very moment that it is reported. */
class LeakRacesIT extends LeakedTest {
    private static final int ROUNDS = Lane.count(50, 10);

    private static final Pattern INVITATION = Pattern.compile("\\bfvinvite_[0-9A-Za-z]+\\b");
    private static final String WAITING = "select count(*) from pg_stat_activity where datname = current_database()"
            + " and wait_event_type = 'Lock'";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterAll
    void stopThreads() {
        threads.close();
    }

    private <T> CompletableFuture<T> later(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, threads);
    }

    /** Somebody who was invited. */
    private record Guest(String email, String invitationId, String token) {}

    private Guest invited() {
        String email = email();
        String id = created(owner.post(
                        "/invitations", new JsonObject().put("email", email).put("role", "developer")))
                .getString("invitationId");
        return new Guest(email, id, mailed(email));
    }

    private String mailed(String email) {
        Matcher token = INVITATION.matcher(people.mail(email).getString("text"));
        assertThat(token.find()).isTrue();
        return token.group();
    }

    private Api.Answer accept(Api guest, String token) {
        return guest.post("//api/v1/invitations/accept", new JsonObject().put("token", token));
    }

    private void waiting(long most) {
        long begun = System.nanoTime();
        while (server.database().count(WAITING) < most) {
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(30));
        }
    }

    /** The first is done before the second, which has looked by then. */
    private void oneAfterTheOther(Supplier<?> first, Supplier<?> second) throws SQLException {
        try (Connection held = server.database().superuser()) {
            held.setAutoCommit(false);
            try (var statement = held.prepareStatement("select from org where org_id = ? for update")) {
                statement.setObject(1, server.orgId());
                statement.execute();
            }
            CompletableFuture<?> one = later(first);
            waiting(1);
            CompletableFuture<?> two = later(second);
            waiting(2);
            held.rollback();
            one.join();
            two.join();
        }
    }

    @Test
    void anInvitationThatIsAcceptedBeforeIsNotSaidToBeWithdrawn() throws SQLException {
        Guest guest = invited();
        var _ = plant(guest.email());
        Api api = server.api(people.login(guest.email()));
        oneAfterTheOther(
                () -> assertThat(accept(api, guest.token()).status()).isEqualTo(200),
                () -> assertThat(report(guest.token())).containsExactly(true));
        JsonObject leak = leak(guest.invitationId());
        JsonObject payload = notice(leak).getJsonObject("payload");
        assertThat(leak.getBoolean("wasLive")).isFalse();
        assertThat(payload.getBoolean("wasLive")).isFalse();
        assertThat(payload.getString("whatToDo")).doesNotContain("The invitation was withdrawn.");
    }

    @Test
    void anInvitationThatIsSentAgainBeforeLivesAndIsToldWhenItsOwnTextIsFound() throws SQLException {
        Guest guest = invited();
        oneAfterTheOther(
                () -> assertThat(owner.post("/invitations/" + guest.invitationId() + "/resend", new JsonObject())
                                .status())
                        .isEqualTo(200),
                () -> report(guest.token()));
        assertThat(list(owner, "/leaks").toString()).doesNotContain(guest.invitationId());
        assertThat(report(mailed(guest.email()))).containsExactly(true);
        assertThat(leak(guest.invitationId()).getBoolean("wasLive")).isTrue();
    }

    @Test
    void anInvitationIsEitherAcceptedOrWithdrawnAndSaidSo() {
        for (int round = 0; round < ROUNDS; round++) {
            Guest guest = invited();
            var _ = plant(guest.email());
            Api api = server.api(people.login(guest.email()));
            var accepted = later(() -> accept(api, guest.token()).status());
            var reported = later(() -> report(guest.token()));
            assertThat(reported.join()).containsExactly(true);
            boolean in = accepted.join() == 200;
            assertThat(leak(guest.invitationId()).getBoolean("wasLive"))
                    .as("round " + round)
                    .isEqualTo(!in);
        }
    }

    @Test
    void aLoginIsOverWhateverItDoesAtThatMoment() {
        var other = server.anotherOrg();
        try (TestServer second = server.secondNode(settings())) {
            for (int round = 0; round < ROUNDS; round++) {
                String email = email();
                var person = plant(email);
                people.join(person, server.orgId(), Role.VIEWER);
                people.join(person, other.orgId(), Role.VIEWER);
                String token = people.login(email);
                Api here = server.api(token);
                Api there = second.api(token).in(other.orgId().toString());
                if (round % 2 == 0) {
                    assertThat(here.get("/secrets").status()).isEqualTo(200);
                }
                List<CompletableFuture<Integer>> reads = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    reads.add(later(() -> there.get("/secrets").status()));
                    reads.add(later(() -> second.api(token).get("/secrets").status()));
                }
                assertThat(report(token)).containsExactly(true);
                assertThat(there.get("/secrets").status()).as("round " + round).isEqualTo(401);
                assertThat(second.api(token).get("/secrets").status()).isEqualTo(401);
                assertThat(here.get("/secrets").status()).isEqualTo(401);
                assertThat(second.api(token).get("//api/v1/users/me").status()).isEqualTo(401);
                reads.forEach(read -> assertThat(read.join()).isIn(200, 401));
            }
        }
    }

    @Test
    void aStepUpSavesNoLoginThatWasFound() {
        for (int round = 0; round < ROUNDS; round++) {
            FactorPerson person = new FactorPerson(server, email());
            people.join(person.id(), server.orgId(), Role.VIEWER);
            Browser browser = people.browser(person.email());
            person.enrolTotp();
            String org = "/orgs/" + server.orgId() + "/secrets";
            assertThat(browser.ask("GET", org, null).status()).isEqualTo(200);
            String cookie = Objects.requireNonNull(browser.cookie("__Host-fyvault_session"));
            Browser thief = new Browser(server);
            thief.plant("__Host-fyvault_session", cookie);
            JsonObject code = person.code();
            var stepped = later(() -> browser.ask("POST", "/auth/step-up", code).status());
            var reads = later(() -> thief.ask("GET", org, null).status());
            boolean found = report(cookie).get(0);
            Browser again = new Browser(server);
            again.plant("__Host-fyvault_session", cookie);
            assertThat(again.ask("GET", org, null).status()).isEqualTo(401);
            assertThat(stepped.join()).isIn(200, 401);
            assertThat(reads.join()).isIn(200, 401);
            if (found) {
                assertThat(browser.ask("GET", org, null).status()).isEqualTo(401);
            }
        }
    }

    /** One of each kind, of a member of both organizations. */
    private List<String> textsOfSomebody(UUID other) {
        String email = email();
        UUID person = plant(email);
        people.join(person, server.orgId(), Role.VIEWER);
        people.join(person, other, Role.VIEWER);
        String token = people.login(email);
        assertThat(server.api(token).get("/secrets").status()).isEqualTo(200);
        assertThat(server.api(token).in(other.toString()).get("/secrets").status())
                .isEqualTo(200);
        List<String> texts = new ArrayList<>();
        texts.add(token);
        texts.add(created(owner.post("/secrets/by-name/SHARED/handle", new JsonObject()))
                .getString("handle"));
        texts.add(Objects.requireNonNull(people.browser(email).cookie("__Host-fyvault_browser")));
        var _ = people.post("/auth/password/forgot", new JsonObject().put("email", email));
        texts.add(people.mailedToken(email));
        people.plantFactor(person);
        for (int k = 0; k < 3; k++) {
            texts.add(people.tryLogin(email, TestPeople.PASSWORD).data().getString("tempToken"));
        }
        return texts;
    }

    @Test
    void reportsOfTheSameAtOnceHoldEachOtherUpButNeverForGood() {
        var other = server.anotherOrg();
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS / 5; round++) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                texts.addAll(textsOfSomebody(other.orgId()));
            }
            texts.add(invited().token());
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                List<String> mixed = new ArrayList<>(texts);
                Collections.shuffle(mixed, random);
                all.add(later(() -> report(mixed.toArray(String[]::new))));
            }
            JsonArray own = new JsonArray();
            texts.forEach(text -> own.add(new JsonObject().put("text", text)));
            all.add(later(() -> {
                Api.Answer answer = owner.post(
                        "/leaks/sightings",
                        new JsonObject().put("repository", "backend").put("items", own));
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                return answer;
            }));
            all.forEach(CompletableFuture::join);
            texts.stream()
                    .filter(text -> text.startsWith("eyJ"))
                    .forEach(text -> assertThat(server.api(text).get("/secrets").status())
                            .isEqualTo(401));
        }
        assertThat(server.database().count("select deadlocks from pg_stat_database where datname = current_database()"))
                .isZero();
    }
}
