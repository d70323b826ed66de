package com.fyvault.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.crypto.EnvironmentRootKey;
import com.fyvault.crypto.RowSeal;
import com.fyvault.support.SeededRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is left of a token in each project, for owners whose roles differ by project. */
class ProjectRolesTest {
    private static final List<Scope> BOUND = List.of(Scope.SECRETS_READ, Scope.SECRETS_WRITE, Scope.ENVIRONMENTS_WRITE);
    private static final List<UUID> PROJECTS = List.of(new UUID(1, 1), new UUID(1, 2), new UUID(1, 3), new UUID(1, 4));
    private static final OrgState ORG = new OrgState(new UUID(7, 7), 5);

    private record Owner(Role role, ProjectRoles projects) {}

    private static Decision decision(List<Owner> owners) {
        Standing standing = Standing.FULL;
        for (Owner owner : owners) {
            standing = standing.in(owner.role(), owner.projects());
        }
        Credential key = MadeUpSnapshots.plain(TokenKind.API_KEY, "key", ScopeSet.all())
                .chain()
                .get(0);
        return new Decision(ORG, new CredentialStore.Found(List.of(key), standing, 5, 0));
    }

    private static Owner owner(SeededRandom random) {
        Role[] roles = {Role.OWNER, Role.ADMIN, Role.DEVELOPER, Role.MEMBER, Role.VIEWER};
        Map<UUID, Role> named = new HashMap<>();
        for (UUID project : PROJECTS) {
            if (random.nextBoolean()) {
                named.put(project, roles[1 + random.nextInt(4)]);
            }
        }
        return new Owner(roles[random.nextInt(5)], new ProjectRoles(random.nextBoolean(), named));
    }

    /** The compiled decision against the sentence that describes it, for a few thousand made-up chains of owners. */
    @Test
    void aScopeIsLeftInAProjectWhenEachOwnersRoleThereHasIt() {
        SeededRandom random = new SeededRandom(42);
        for (int i = 0; i < 5_000; i++) {
            List<Owner> owners = random.nextBoolean() ? List.of(owner(random)) : List.of(owner(random), owner(random));
            Decision decision = decision(owners);
            for (UUID project : PROJECTS) {
                boolean visible =
                        owners.stream().noneMatch(o -> o.projects().inProject(project, o.role()) == Role.NONE);
                assertThat(decision.allowsProject(project))
                        .as(owners.toString())
                        .isEqualTo(visible);
                for (Scope scope : BOUND) {
                    boolean has = owners.stream()
                            .allMatch(o -> o.projects()
                                    .inProject(project, o.role())
                                    .scopes()
                                    .has(scope));
                    assertThat(decision.allows(scope, project))
                            .as(owners.toString())
                            .isEqualTo(has);
                }
            }
        }
    }

    /** Nothing of the organization comes out of a role in a project, but for the making of one's own, confined keys. */
    @Test
    void aRoleInAProjectGivesNothingOfTheOrganization() {
        for (Role inProject : List.of(Role.ADMIN, Role.DEVELOPER)) {
            Owner viewer = new Owner(Role.VIEWER, new ProjectRoles(false, Map.of(PROJECTS.get(0), inProject)));
            Set<String> names = new HashSet<>(decision(List.of(viewer)).scopes().names());
            assertThat(names)
                    .containsExactlyInAnyOrder("SECRETS_READ", "SECRETS_WRITE", "ENVIRONMENTS_WRITE", "TOKENS_WRITE");
            assertThat(decision(List.of(viewer)).isConfined()).isTrue();
        }
    }

    @Test
    void whoIsAssignedNothingSeesNothing() {
        for (Role role : List.of(Role.DEVELOPER, Role.MEMBER, Role.VIEWER)) {
            Decision decision = decision(List.of(new Owner(role, new ProjectRoles(true, Map.of()))));
            assertThat(decision.projects()).isEmpty();
            assertThat(decision.scopes().has(Scope.SECRETS_READ)).isFalse();
        }
        Decision admin = decision(List.of(new Owner(Role.ADMIN, new ProjectRoles(true, Map.of()))));
        assertThat(admin.projects()).isNull();
        assertThat(admin.isConfined()).isFalse();
    }

    @Test
    void theLowestRoleOfTheOwnersIsThatOfTheToken() {
        Owner owner = new Owner(Role.OWNER, ProjectRoles.ALL);
        Owner member = new Owner(Role.MEMBER, ProjectRoles.ALL);
        assertThat(decision(List.of(owner, member)).role()).isEqualTo(Role.MEMBER);
        assertThat(decision(List.of(member, owner)).role()).isEqualTo(Role.MEMBER);
        assertThat(decision(List.of(owner)).role()).isEqualTo(Role.OWNER);
    }

    /** Each field is under the seal, and a row from before there were roles by project has the seal that it had. */
    @Test
    void aMembershipWithAnyOtherFieldHasAnotherSeal() {
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        RowSeal seals = new RowSeal(EnvironmentRootKey.load("KEY", Map.of("KEY", key), "dev", new SeededRandom(1))
                .subKeys()
                .rowSeal());
        UUID org = new UUID(7, 7);
        UUID user = new UUID(8, 8);
        Map<UUID, Role> named = Map.of(PROJECTS.get(0), Role.VIEWER);
        List<Membership> all = List.of(
                new Membership(org, user, Role.MEMBER),
                new Membership(org, user, Role.VIEWER),
                new Membership(org, user, Role.MEMBER, new ProjectRoles(true, Map.of())),
                new Membership(org, user, Role.MEMBER, new ProjectRoles(true, named)),
                new Membership(org, user, Role.MEMBER, new ProjectRoles(false, named)),
                new Membership(org, user, Role.MEMBER, new ProjectRoles(false, Map.of(PROJECTS.get(0), Role.MEMBER))),
                new Membership(org, user, Role.MEMBER, new ProjectRoles(false, Map.of(PROJECTS.get(1), Role.VIEWER))));
        for (Membership one : all) {
            for (Membership other : all) {
                assertThat(one.sealOf(seals).verify(other.sealOf(seals).seal())).isEqualTo(one.equals(other));
            }
        }
        byte[] before =
                seals.fields("membership.1").add(org).add(user).add("member").seal();
        assertThat(all.get(0).sealOf(seals).verify(before)).isTrue();
    }
}
