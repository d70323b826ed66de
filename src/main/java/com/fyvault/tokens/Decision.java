package com.fyvault.tokens;

import com.fyvault.platform.http.ErrorCode;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A credential compiled for use: what it was given, cut down by each of its parents, by the roles of
 * their owners and by the state of the organization. Immutable; a change of any of these makes a new one. For a token that may do nothing any more,
 * {@link #refusal} says why.
 */
public final class Decision {
    private final OrgState org;
    private final List<Credential> chain;
    private final ScopeSet scopes;
    private final @Nullable Set<UUID> projects;
    private final @Nullable Set<UUID> environments;
    private final SecretPatterns[] secrets;
    private final CidrSet[] addresses;
    private final long expiresAtMicros;
    private final long readEpoch;
    private final boolean limited;
    private final @Nullable ErrorCode refusal;
    private final Standing standing;
    /** What it rests on: a cut of any of these ends it. */
    private final UUID[] grounds;

    Decision(OrgState org, CredentialStore.Found found) {
        this.org = org;
        this.chain = List.copyOf(found.chain());
        this.readEpoch = found.epoch();
        this.grounds = Stream.concat(
                        Stream.of(org.orgId()),
                        chain.stream().flatMap(link -> Stream.of(link.id(), link.ownerUserId(), link.ownerTeamId())))
                .filter(Objects::nonNull)
                .distinct()
                .toArray(UUID[]::new);
        this.limited = chain.stream().anyMatch(link -> !link.limits().equals(Credential.NO_LIMITS));
        this.standing = found.standing();
        ScopeSet all = standing.most();
        long expiry = Long.MAX_VALUE;
        @Nullable ErrorCode refused = Links.rolledAway(chain) ? ErrorCode.TOKEN_REVOKED : null;
        for (Credential link : chain) {
            all = all.intersect(link.scopes());
            expiry = Math.min(expiry, Links.end(link, standing.policy()));
            if (link.revokedAt() != null) {
                refused = ErrorCode.TOKEN_REVOKED;
            }
        }
        if (refused == null && expiry <= found.nowMicros()) {
            refused = ErrorCode.TOKEN_EXPIRED;
        }
        if (refused == null) {
            refused = standing.refusal();
        }
        this.scopes = all;
        this.expiresAtMicros = expiry;
        this.refusal = refused;
        this.projects = Links.within(
                Links.meet(chain.stream().map(c -> c.reach().projectIds()).toList()), standing.projects());
        this.environments =
                Links.meet(chain.stream().map(c -> c.reach().environmentIds()).toList());
        this.secrets = chain.stream()
                .filter(c -> !c.reach().secretPatterns().isEmpty())
                .map(c -> SecretPatterns.compile(c.reach().secretPatterns()))
                .toArray(SecretPatterns[]::new);
        this.addresses = Stream.concat(
                        Stream.of(standing.policy().cidrs()),
                        chain.stream().map(c -> c.reach().cidrs()))
                .filter(cidrs -> !cidrs.isEmpty())
                .map(CidrSet::compile)
                .toArray(CidrSet[]::new);
    }

    public OrgState org() {
        return org;
    }

    public UUID orgId() {
        return org.orgId();
    }

    /** The credential itself. */
    public Credential credential() {
        return chain.get(0);
    }

    public UUID credentialId() {
        return chain.get(0).id();
    }

    /** Who this is: the credential itself, and of a provider's token from before a roll, the provider's. */
    public UUID principalId() {
        UUID id = credentialId();
        for (Credential link : chain) {
            if (link.kind() != TokenKind.PROVIDER) {
                break;
            }
            id = link.id();
        }
        return id;
    }

    public TokenKind kind() {
        return chain.get(0).kind();
    }

    /** The credential and those it descends from. */
    public List<Credential> chain() {
        return chain;
    }

    /** True when it is older than a cut of what it rests on: a link of its chain, an owner, the organization. */
    boolean isCutBy(Function<UUID, @Nullable Long> cuts) {
        for (UUID ground : grounds) {
            @Nullable Long epoch = cuts.apply(ground);
            if (epoch != null && readEpoch < epoch) {
                return true;
            }
        }
        return false;
    }

    /** What is left of the scopes after every parent. */
    public ScopeSet scopes() {
        return scopes;
    }

    /** The earliest expiry in the chain, microseconds since 1970; {@code Long.MAX_VALUE} for none. */
    public long expiresAtMicros() {
        return expiresAtMicros;
    }

    /** Why the token is dead, or null while it lives. */
    public @Nullable ErrorCode refusal() {
        return refusal;
    }

    long readEpoch() {
        return readEpoch;
    }

    /** True when the token or one that it descends from has limits of its own. */
    public boolean isLimited() {
        return limited;
    }

    /** True when the scope is left in this project. */
    public boolean allows(Scope scope, UUID projectId) {
        @Nullable ProjectScopes byProject = standing.projects();
        return scopes.has(scope) && (byProject == null || byProject.allows(scope, projectId));
    }

    /** The role in the organization that cuts the token; the lowest, where owners of its chain differ. */
    public Role role() {
        return standing.role();
    }

    /** What the organization asks of the token besides. */
    public Policy policy() {
        return standing.policy();
    }

    public boolean allowsProject(UUID projectId) {
        return projects == null || projects.contains(projectId);
    }

    public boolean allowsEnvironment(UUID environmentId) {
        return environments == null || environments.contains(environmentId);
    }

    /** False for a test key and for whatever descends from one. */
    public boolean allowsProduction() {
        for (Credential link : chain) {
            if (link.kind() == TokenKind.TEST_KEY) {
                return false;
            }
        }
        return true;
    }

    /** False when no secret of the lower-case name is allowed. Of one that has been found, ask {@link #allowsSecret}. */
    public boolean mayAllowSecret(String nameKey) {
        for (SecretPatterns patterns : secrets) {
            if (!patterns.mayAllow(nameKey)) {
                return false;
            }
        }
        return true;
    }

    /** True when every list in the chain allows the secret, by its id or its lower-case name. */
    public boolean allowsSecret(UUID secretId, String nameKey) {
        for (SecretPatterns patterns : secrets) {
            if (!patterns.allows(secretId, nameKey)) {
                return false;
            }
        }
        return true;
    }

    /** The secrets of a device, by id, of which its parents allow as many as their own lists do; null for any other kind. */
    public @Nullable List<UUID> assignedSecrets() {
        return kind() == TokenKind.DEVICE ? credential().reach().secretIds() : null;
    }

    public boolean allowsAddress(ClientAddress address) {
        for (CidrSet set : addresses) {
            if (!set.allows(address)) {
                return false;
            }
        }
        return true;
    }

    /** True when the token is confined to some secret names. */
    public boolean isConfinedToSecrets() {
        return secrets.length > 0;
    }

    /** True when the token is confined to some projects, environments or secrets, or its owner has a role of their own in some project. */
    public boolean isConfined() {
        return projects != null || standing.projects() != null || isConfinedToEnvironments() || secrets.length > 0;
    }

    /** True when the token is confined to some environments, by a list or because it is a test key's. */
    public boolean isConfinedToEnvironments() {
        return environments != null || !allowsProduction();
    }

    /** The projects the chain leaves, or null for all. */
    public @Nullable Set<UUID> projects() {
        return projects;
    }

    /** The environments the chain leaves, or null for all. */
    public @Nullable Set<UUID> environments() {
        return environments;
    }

    /** The names that every list in the chain allows, as patterns; null for all, empty for none. */
    public @Nullable List<String> secretPatterns() {
        @Nullable List<String> left = null;
        for (Credential link : chain) {
            List<String> patterns = link.reach().secretPatterns();
            if (!patterns.isEmpty()) {
                left = left == null ? patterns : SecretPatterns.meet(left, patterns);
            }
        }
        return left;
    }

    /** The address ranges that every list in the chain allows; null for all, empty for none. */
    public @Nullable List<String> cidrs() {
        @Nullable List<String> left = null;
        for (Credential link : chain) {
            List<String> cidrs = link.reach().cidrs();
            if (!cidrs.isEmpty()) {
                left = left == null ? cidrs : CidrSet.meet(left, cidrs);
            }
        }
        return left;
    }
}
