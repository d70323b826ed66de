package com.fyvault.members;

import static com.fyvault.support.Answers.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;

/** A server with members, each of whom has a key of their own. */
abstract class MemberTest extends ServerTest {
    /** A member, and a client with a key that is theirs. */
    record Person(UUID id, String email, Api api, String keyId) {
        String path() {
            return "/members/" + id;
        }
    }

    /** A member in this role with a key of every scope that descends from none: made for the owner, and handed over. */
    final Person person(String email, Role role) {
        UUID id = server.addMember(email, role);
        String key = TestServer.await(server.app().bootstrap().anotherKey(server.orgId()))
                .exposeText();
        String keyId = owner.get("/api-keys?limit=1").list().getJsonObject(0).getString("id");
        handTo(id, keyId);
        return new Person(id, email, owner.as(key), keyId);
    }

    /** Another key of a member. */
    final Api anotherKey(Person person) {
        JsonObject key = server.key(new JsonObject().put("label", "another"));
        handTo(person.id(), key.getString("id"));
        return owner.as(key.getString("token"));
    }

    /** Gives keys of the owner's to a member. */
    final void handTo(UUID member, String... keyIds) {
        JsonObject body =
                new JsonObject().put("to", member.toString()).put("keys", new JsonArray(List.of((Object[]) keyIds)));
        Api.Answer answer = owner.post("/members/" + ownerId() + "/transfer", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    final String ownerId() {
        return owner.get("/members/me").data().getJsonObject("member").getString("userId");
    }

    /** A project with a secret of its own in it; its id. */
    final String project(String name) {
        String id = created(owner.post("/projects", new JsonObject().put("name", name)))
                .getString("id");
        var _ = created(owner.post("/projects/" + name + "/secrets", secret("SECRET")));
        return id;
    }

    static JsonObject secret(String name) {
        return new JsonObject().put("name", name).put("value", "s3cret");
    }

    static JsonObject role(String role) {
        return new JsonObject().put("role", role);
    }

    static String value(String project) {
        return "/projects/" + project + "/secrets/by-name/SECRET/value";
    }
}
