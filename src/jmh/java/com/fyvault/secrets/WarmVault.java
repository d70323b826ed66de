package com.fyvault.secrets;

import com.fyvault.crypto.Binding;
import com.fyvault.crypto.Envelope;
import com.fyvault.crypto.FileRootKey;
import com.fyvault.crypto.OrgKey;
import com.fyvault.crypto.OrgKeyId;
import com.fyvault.crypto.Purpose;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.environments.Directory;
import com.fyvault.environments.DirectoryStore;
import com.fyvault.environments.EnvironmentState;
import com.fyvault.limits.Limits;
import com.fyvault.orgs.Keyrings;
import com.fyvault.orgs.OrgKeyStore;
import com.fyvault.platform.config.CacheSettings;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.LimitSettings;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.CredentialStore;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.Standing;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;
import com.fyvault.tokens.Tombstones;
import com.fyvault.tokens.WideKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One organization with one key and one secret. The stores hold constants: warm reads ask them nothing. */
record WarmVault(ReadSecret readSecret, String uri, String authorization) {
    private static final UUID ORG = new UUID(1, 1);
    private static final UUID PROJECT = new UUID(1, 2);
    private static final UUID ENVIRONMENT = new UUID(1, 3);
    private static final UUID SECRET = new UUID(1, 4);
    private static final String NAME = "STRIPE_SECRET_KEY";

    static WarmVault make(Vertx vertx, SecureRandom random, int length) throws IOException {
        RootKeySource root = root(random);
        OrgKey key = OrgKey.generate(new OrgKeyId(ORG, 1), random);
        byte[] plaintext = new byte[length];
        Arrays.fill(plaintext, (byte) 'k');
        Binding binding = new Binding(Purpose.SECRET, ORG, PROJECT, ENVIRONMENT, SECRET, 1);
        byte[] sealed = new Envelope(random).seal(key, binding, plaintext);
        MintedToken token = TokenFormat.mint(TokenKind.API_KEY, random);
        CacheSettings caches = new CacheSettings(1_000, 16 * 1024 * 1024, 64);
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("fyvault-crypto", 2);
        ReadSecret read = new ReadSecret(
                new Authority(vertx, new OneCredential(credential(token)), caches),
                new Directory(vertx, new OneProject()),
                new SealedValues(vertx, new OneValue(sealed), caches),
                new ValueOpener(new Keyrings(vertx, new OneKey(key.wrapUnder(root)), root, workers), workers),
                new Tombstones(),
                Limits.alone(vertx, LimitSettings.from(Config.of(Map.of())), Clock.systemUTC()));
        String uri = "/api/v1/orgs/" + ORG + "/secrets/by-name/" + NAME + "/value";
        return new WarmVault(read, uri, "Bearer " + token.exposeText());
    }

    private static RootKeySource root(SecureRandom random) throws IOException {
        Path directory = Files.createTempDirectory("fyvault-bench");
        try {
            return FileRootKey.create(directory.resolve("root.key"), random);
        } finally {
            Files.delete(directory.resolve("root.key"));
            Files.delete(directory);
        }
    }

    private static Credential credential(MintedToken token) {
        return WideKey.of(ORG, new UUID(1, 5), token);
    }

    private record OneCredential(Credential credential) implements CredentialStore {
        @Override
        public Future<@Nullable Found> find(TokenHash hash) {
            return Future.succeededFuture(new Found(List.of(credential), Standing.FULL, 1, 0));
        }

        @Override
        public Future<CredentialStore.Changes> changedSince(UUID orgId, long sinceEpoch) {
            return Future.succeededFuture(new CredentialStore.Changes(1, List.of(), List.of(), false));
        }
    }

    private record OneProject() implements DirectoryStore {
        @Override
        public Future<@Nullable Project> find(UUID orgId, @Nullable String reference) {
            return Future.succeededFuture(
                    new Project(PROJECT, List.of(new Entry(ENVIRONMENT, "development", true, 1))));
        }
    }

    private record OneValue(byte[] sealed) implements SealedValueStore {
        @Override
        public Future<SealedValue> find(EnvironmentState environment, SecretKey key) {
            return Future.succeededFuture(new SealedValue(SECRET, NAME, 1, sealed, false, false, 1));
        }

        @Override
        public Future<SealedValueStore.Changes> changedSince(EnvironmentState environment, long sinceVersion) {
            return Future.succeededFuture(new SealedValueStore.Changes(1, List.of(), false, false));
        }
    }

    private record OneKey(byte[] wrapped) implements OrgKeyStore {
        @Override
        public Future<List<WrappedKey>> find(UUID orgId) {
            return Future.succeededFuture(List.of(new WrappedKey(1, wrapped, true)));
        }

        @Override
        public Future<Long> reserve(OrgKeyId key, int uses) {
            return Future.succeededFuture(1L);
        }

        @Override
        public Future<Void> add(Transaction transaction, UUID orgId, WrappedKey key) {
            return Future.succeededFuture();
        }
    }
}
