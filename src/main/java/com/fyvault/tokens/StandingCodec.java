package com.fyvault.tokens;

import com.fyvault.platform.http.ErrorCode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the organization and the owners leave of a token, within the bytes of {@link FoundCodec}. */
final class StandingCodec {
    private record In(UUID projectId, ScopeSet scopes) {}

    private StandingCodec() {}

    static void put(ByteBuffer out, Standing standing) {
        put(out, standing.most());
        FoundCodec.putNullable(out, standing.refusal(), (to, code) -> FoundCodec.put(to, code.name()));
        FoundCodec.put(out, standing.role().name());
        FoundCodec.putNullable(out, standing.projects(), StandingCodec::put);
        out.putInt(standing.policy().keyDays());
        out.put((byte) (standing.policy().secondFactor() ? 1 : 0));
        FoundCodec.put(out, standing.policy().cidrs(), FoundCodec::put);
    }

    static Standing standing(ByteBuffer in) {
        ScopeSet most = FoundCodec.scopes(in);
        @Nullable ErrorCode refusal = FoundCodec.nullable(in, from -> ErrorCode.valueOf(FoundCodec.text(from)));
        Role role = Role.valueOf(FoundCodec.text(in));
        @Nullable ProjectScopes projects = FoundCodec.nullable(in, StandingCodec::projects);
        int keyDays = in.getInt();
        boolean secondFactor = flag(in);
        return new Standing(
                most,
                refusal,
                role,
                projects,
                new Policy(keyDays, secondFactor, FoundCodec.list(in, FoundCodec::text)));
    }

    private static void put(ByteBuffer out, ProjectScopes projects) {
        put(out, projects.bound());
        put(out, projects.elsewhere());
        List<In> named = projects.named().entrySet().stream()
                .map(entry -> new In(entry.getKey(), entry.getValue()))
                .toList();
        FoundCodec.put(out, named, (to, one) -> {
            FoundCodec.put(to, one.projectId());
            put(to, one.scopes());
        });
    }

    private static ProjectScopes projects(ByteBuffer in) {
        ScopeSet bound = FoundCodec.scopes(in);
        ScopeSet elsewhere = FoundCodec.scopes(in);
        Map<UUID, ScopeSet> named = new HashMap<>();
        FoundCodec.list(in, from -> new In(FoundCodec.uuid(from), FoundCodec.scopes(from)))
                .forEach(one -> named.put(one.projectId(), one.scopes()));
        return new ProjectScopes(bound, elsewhere, named);
    }

    private static void put(ByteBuffer out, ScopeSet scopes) {
        FoundCodec.put(out, scopes.names(), FoundCodec::put);
    }

    private static boolean flag(ByteBuffer in) {
        return switch (in.get()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }
}
