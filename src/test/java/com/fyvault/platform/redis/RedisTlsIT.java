package com.fyvault.platform.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.RedisGroup;
import com.fyvault.support.TestCertificates;
import com.fyvault.support.TestServer;
import com.fyvault.support.TwoNodes;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Redis over TLS: a server that cannot prove who it is gets nothing, and the node goes on without it. */
class RedisTlsIT {
    private static final String HERE = "ip:127.0.0.1";

    private final TestCertificates authority = new TestCertificates();

    @Test
    void aServerThatProvesItsNameIsUsed() {
        try (RedisGroup redis = RedisGroup.tls(authority.issue(HERE, 1, 10));
                TwoNodes nodes = new TwoNodes(redis.settings(), trusting(authority))) {
            redis.await(nodes::areUp);
            assertThat(nodes.countExactly()).isTrue();
            assertThat(nodes.shareDecisions()).isTrue();
            assertThat(redis.keys(redis.ports().get(0), "group:")).isPositive();
        }
    }

    @Test
    void aServerOfAnotherNameIsRefused() {
        refused(authority.issue("dns:redis.example.com", 1, 10), authority);
    }

    @Test
    void aServerWithAnExpiredCertificateIsRefused() {
        refused(authority.issue(HERE, 10, 5), authority);
    }

    @Test
    void aServerThatAnotherAuthorityVouchesForIsRefused() {
        refused(new TestCertificates().issue(HERE, 1, 10), authority);
    }

    private static void refused(TestCertificates.Issued certificate, TestCertificates trusted) {
        try (RedisGroup redis = RedisGroup.tls(certificate)) {
            Map<String, String> settings = new HashMap<>(redis.settings());
            settings.putAll(trusting(trusted));
            try (TestServer server = TestServer.start(settings)) {
                server.createSecret("HOT", "value");
                assertThat(server.api().value("HOT")).isEqualTo("value");
                assertThat(server.metric("fyvault_redis_up")).isZero();
                assertThat(redis.keys(redis.ports().get(0), "")).isZero();
            }
        }
    }

    private static Map<String, String> trusting(TestCertificates authority) {
        return Map.of("redis.trust.file", authority.authority().toString());
    }
}
