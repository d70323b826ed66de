package com.fyvault.people;

import com.fyvault.api.LoginToken;
import com.fyvault.crypto.LoginKey;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.TokenFormat;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The two things that a login is carried by. A program gets a JWT (ES256, one key, one issuer), a browser 256 random
 * bits in a cookie. Both are known by their SHA-256, in a row that ends with the login: the signature lets nobody in,
 * it only keeps what this installation has not made from being looked for.
 */
public final class LoginTokens {
    private static final String ISSUER = "fyvault";
    /** How every JSON object begins in base64. */
    private static final String JSON = "eyJ";

    private static final String ALGORITHM = "ES256";

    private final Vertx vertx;
    private final LoginKey key;
    private final WorkerExecutor workers;
    private final SecureRandom random;
    private @Nullable JWTAuth jwt;

    public LoginTokens(Vertx vertx, LoginKey key, WorkerExecutor workers, SecureRandom random) {
        this.vertx = vertx;
        this.key = key;
        this.workers = workers;
        this.random = random;
    }

    /** Made when it is first needed, on a worker: loading it takes longer than an event loop has. */
    private synchronized JWTAuth jwt() {
        @Nullable JWTAuth known = jwt;
        if (known == null) {
            JsonObject jwk = new JsonObject()
                    .put("kty", "EC")
                    .put("crv", "P-256")
                    .put("alg", ALGORITHM)
                    .put("kid", key.id())
                    .put("x", key.x())
                    .put("y", key.y())
                    .put("d", key.exposeD());
            // Whether it has expired is asked of its row: by the database's clock, and with an answer that says so.
            JWTOptions asked = new JWTOptions().setIssuer(ISSUER).setIgnoreExpiration(true);
            known = JWTAuth.create(vertx, new JWTAuthOptions().addJwk(jwk).setJWTOptions(asked));
            jwt = known;
        }
        return known;
    }

    /** A token for a program. */
    Future<LoginToken> bearer(UUID userId, UUID sessionId, Instant from, Instant until) {
        JsonObject claims = new JsonObject()
                .put("iss", ISSUER)
                .put("sub", userId.toString())
                .put("jti", sessionId.toString())
                .put("iat", from.getEpochSecond())
                .put("exp", until.getEpochSecond());
        JWTOptions options = new JWTOptions().setAlgorithm(ALGORITHM).setNoTimestamp(true);
        return workers.executeBlocking(() -> new LoginToken(jwt().generateToken(claims, options), false), false);
    }

    /** A token for a browser. */
    LoginToken cookie() {
        return new LoginToken(TokenFormat.draw(LoginToken.COOKIE_PREFIX, random), true);
    }

    /** Loads what the first login would wait for. */
    Future<Void> warmUp() {
        return bearer(new UUID(0, 0), new UUID(0, 0), Instant.EPOCH, Instant.EPOCH)
                .compose(this::check);
    }

    /**
     * True for a token of a program that this installation has signed, whether or not there is such a login any more. On a
     * worker: it takes a tenth of a millisecond.
     */
    public boolean isSignedHere(String text) {
        return text.startsWith(JSON)
                && text.length() <= LoginToken.LONGEST
                && jwt().authenticate(new TokenCredentials(text)).succeeded();
    }

    /** Refuses what this installation cannot have made. */
    Future<Void> check(LoginToken token) {
        if (token.cookie()) {
            return Future.succeededFuture(); // Its checksum has been looked at.
        }
        return workers.executeBlocking(
                        () -> {
                            Future<?> known = jwt().authenticate(new TokenCredentials(token.text()));
                            if (known.failed()) {
                                throw new IllegalArgumentException(Objects.requireNonNull(known.cause()));
                            }
                            return true;
                        },
                        false)
                .recover(forged -> Future.failedFuture(Refusal.of(ErrorCode.TOKEN_INVALID)))
                .mapEmpty();
    }
}
