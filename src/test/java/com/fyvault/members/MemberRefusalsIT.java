package com.fyvault.members;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.tokens.ProjectRoles;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Requests about members that are refused, by status. */
class MemberRefusalsIT extends MemberTest {
    private Person member;
    private Person admin;

    @BeforeAll
    void prepare() {
        member = person("member@example.com", Role.MEMBER);
        admin = person("admin@example.com", Role.ADMIN);
    }

    @Nested
    class Answers400 {
        @Test
        void refusesWhatIsNoRoleOrNoProject() {
            for (String role : List.of("root", "none", "OWNER", "")) {
                isRefused(owner.patch(member.path(), role(role)), 400, "INVALID_FIELD");
            }
            JsonObject projects = new JsonObject().put("default", "owner");
            isRefused(owner.patch(member.path(), new JsonObject().put("projects", projects)), 400, "INVALID_FIELD");
            projects = new JsonObject().put("default", 1);
            isRefused(owner.patch(member.path(), new JsonObject().put("projects", projects)), 400, "INVALID_FIELD");
            isRefused(owner.patch(member.path(), new JsonObject().put("projects", "default")), 400, "INVALID_FIELD");
            isRefused(owner.patch(member.path(), new JsonObject().put("rolle", "viewer")), 400, "INVALID_FIELD");
        }

        @Test
        void refusesMoreProjectsThanThereMayBe() {
            JsonObject projects = new JsonObject();
            for (int i = 0; i < ProjectRoles.MOST; i++) {
                projects.put("p" + i, "viewer");
            }
            JsonObject body = new JsonObject().put("projects", projects);
            isRefused(owner.patch(member.path(), body), 404, "PROJECT_NOT_FOUND");
            projects.put("more", "viewer");
            isRefused(owner.patch(member.path(), body), 400, "INVALID_FIELD");
        }

        @Test
        void refusesProjectsForWhoIsInAllOfThem() {
            JsonObject projects = new JsonObject().put("default", "viewer");
            isRefused(owner.patch(admin.path(), new JsonObject().put("projects", projects)), 400, "INVALID_FIELD");
            isRefused(owner.patch(admin.path(), new JsonObject().put("assignedOnly", true)), 400, "INVALID_FIELD");
        }

        @Test
        void refusesToNameAProjectTwice() {
            JsonObject projects = new JsonObject()
                    .put("default", "viewer")
                    .put(server.projectId().toString(), "viewer");
            isRefused(owner.patch(member.path(), new JsonObject().put("projects", projects)), 400, "INVALID_FIELD");
        }

        @Test
        void refusesToHandKeysToTheSameOrToNone() {
            JsonObject body = new JsonObject().put("to", member.id().toString());
            isRefused(owner.post(member.path() + "/transfer", body), 400, "INVALID_FIELD");
            isRefused(owner.delete(member.path() + "?transferTo=" + member.id()), 400, "INVALID_FIELD");
            isRefused(owner.post(member.path() + "/transfer", new JsonObject()), 400, "INVALID_FIELD");
            isRefused(
                    owner.delete(member.path() + "?transferTo=" + admin.id() + "&transferToTeam=" + admin.id()),
                    400,
                    "INVALID_FIELD");
            isRefused(owner.delete(member.path() + "?transferTo=me"), 404, "MEMBER_NOT_FOUND");
            isRefused(owner.delete(member.path() + "?transferToTeam=us"), 404, "TEAM_NOT_FOUND");
            body = new JsonObject().put("to", admin.id().toString()).put("keys", new JsonArray());
            isRefused(owner.post(member.path() + "/transfer", body), 400, "INVALID_FIELD");
        }
    }

    @Nested
    class Answers403 {
        @Test
        void refusesWhoIsNoAdministrator() {
            for (Role role : List.of(Role.DEVELOPER, Role.MEMBER, Role.VIEWER)) {
                Person person = person("as." + role.text() + "@example.com", role);
                for (Api.Answer answer : List.of(
                        person.api().get("/members"),
                        person.api().get(member.path()),
                        person.api().patch(person.path(), role("admin")),
                        person.api().delete(member.path()),
                        person.api().post(member.path() + "/deactivate", new JsonObject()),
                        person.api()
                                .post(
                                        admin.path() + "/transfer",
                                        new JsonObject().put("to", person.id().toString())))) {
                    isRefused(answer, 403, "SCOPE_MISSING");
                }
            }
        }

        @Test
        void anAdminDoesNotTouchOwners() {
            String ownerPath = "/members/" + ownerId();
            JsonObject toOwner = new JsonObject().put("to", ownerId());
            for (Api.Answer answer : List.of(
                    admin.api().patch(ownerPath, role("viewer")),
                    admin.api().patch(admin.path(), role("owner")),
                    admin.api().patch(member.path(), role("owner")),
                    admin.api().post(ownerPath + "/deactivate", new JsonObject()),
                    admin.api().delete(ownerPath),
                    admin.api().post(member.path() + "/transfer", toOwner),
                    admin.api().delete(member.path() + "?transferTo=" + ownerId()))) {
                isRefused(answer, 403, "ROLE_TOO_LOW");
            }
            assertThat(admin.api().patch(member.path(), role("viewer")).status())
                    .isEqualTo(200);
            assertThat(admin.api().patch(member.path(), role("member")).status())
                    .isEqualTo(200);
        }

        @Test
        void refusesATokenThatSeesAPartOnly() {
            Api confined = withKey(new JsonObject().put("projects", Bodies.texts("default")));
            isRefused(confined.patch(member.path(), role("viewer")), 403, "SCOPE_MISSING");
            isRefused(confined.delete(member.path()), 403, "SCOPE_MISSING");
            Api reader = withKey(new JsonObject().put("scopes", Bodies.texts("SECRETS_READ")));
            isRefused(reader.patch(member.path(), role("viewer")), 403, "SCOPE_MISSING");
        }

        @Test
        void refusesAnAgent() {
            JsonObject agent = new JsonObject()
                    .put("name", "bot")
                    .put("agentType", "bot")
                    .put("scopes", Bodies.texts("MEMBERS_WRITE"));
            String token = created(owner.post("/agent-credentials", agent)).getString("credential");
            isRefused(owner.as(token).patch(member.path(), role("viewer")), 403, "KIND_NOT_ALLOWED");
        }
    }

    @Nested
    class Answers404 {
        @Test
        void aForeignMemberIsAsAbsentAsNone() {
            Api other = owner.in(server.anotherOrg().orgId().toString());
            isRefused(other.get("/members"), 404, "ORG_NOT_FOUND");
            UUID foreign = (UUID) server.database()
                    .query("select user_id from account where email = ?", "other@example.com")
                    .get(0)
                    .get("user_id");
            for (String id : List.of(foreign.toString(), UUID.randomUUID().toString(), "nobody")) {
                String path = "/members/" + id;
                for (Api.Answer answer : List.of(
                        owner.get(path),
                        owner.patch(path, role("viewer")),
                        owner.delete(path),
                        owner.post(path + "/deactivate", new JsonObject()),
                        owner.post(
                                path + "/transfer",
                                new JsonObject().put("to", member.id().toString())))) {
                    isRefused(answer, 404, "MEMBER_NOT_FOUND");
                }
            }
            JsonObject body = new JsonObject().put("to", foreign.toString());
            isRefused(owner.post(member.path() + "/transfer", body), 404, "MEMBER_NOT_FOUND");
        }

        @Test
        void aKeyOfSomebodyElseIsNotHanded() {
            JsonObject body =
                    new JsonObject().put("to", member.id().toString()).put("keys", Bodies.texts(member.keyId()));
            isRefused(owner.post(admin.path() + "/transfer", body), 404, "CREDENTIAL_NOT_FOUND");
            body.put("keys", Bodies.texts("no-id"));
            isRefused(owner.post(admin.path() + "/transfer", body), 404, "CREDENTIAL_NOT_FOUND");
        }
    }

    @Nested
    class Answers409 {
        @Test
        void theLastOwnerStays() {
            String path = "/members/" + ownerId();
            isRefused(owner.patch(path, role("admin")), 409, "LAST_OWNER");
            isRefused(owner.delete(path), 409, "LAST_OWNER");
            isRefused(owner.post(path + "/deactivate", new JsonObject()), 409, "LAST_OWNER");
            assertThat(owner.get("/members/me").data().getString("effectiveRole"))
                    .isEqualTo("owner");
        }
    }
}
