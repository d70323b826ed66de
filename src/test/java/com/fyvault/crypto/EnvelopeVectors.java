package com.fyvault.crypto;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fyvault.support.SeededRandom;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/// The frozen envelopes of format 1: the file as read, and the tool that made it, once. Run it again only into a new
/// file for a new format.
final class EnvelopeVectors {
    static final String RESOURCE = "/vectors/envelope-v1.json";
    private static final int[] LENGTHS = {0, 1, 15, 16, 17, 31, 32, 33, 64, 255, 256, 1000, 4096};

    private EnvelopeVectors() {}

    /// One envelope with all that opens it; bytes in hexadecimal.
    record Vector(
            String name,
            String orgKey,
            int epoch,
            String purpose,
            UUID orgId,
            UUID projectId,
            UUID environmentId,
            UUID secretId,
            long version,
            String plaintext,
            String envelope) {
        OrgKey key() {
            return OrgKey.of(new OrgKeyId(orgId, epoch), HexFormat.of().parseHex(orgKey));
        }

        Binding binding() {
            return new Binding(Purpose.valueOf(purpose), orgId, projectId, environmentId, secretId, version);
        }
    }

    static List<Vector> parse(byte[] json) throws IOException {
        return List.of(new ObjectMapper().readValue(json, Vector[].class));
    }

    public static void main(String[] args) throws IOException {
        SeededRandom random = new SeededRandom(0xF1);
        List<Vector> vectors = new ArrayList<>();
        for (int length : LENGTHS) {
            vectors.add(make("random-" + length, random.bytes(length), Sample.binding(random), random));
        }
        byte[] text = "s\u00e9cret \ud83d\udd11 v\u00e4rde".getBytes(StandardCharsets.UTF_8);
        for (Purpose purpose : Purpose.values()) {
            Binding any = Sample.binding(random);
            Binding binding = new Binding(
                    purpose, any.orgId(), any.projectId(), any.environmentId(), any.secretId(), any.version());
            vectors.add(make("text-" + purpose, text, binding, random));
        }
        UUID zero = new UUID(0, 0);
        vectors.add(make("all-zero", new byte[32], new Binding(Purpose.SECRET, zero, zero, zero, zero, 0), random));
        UUID ones = new UUID(-1, -1);
        Binding largest = new Binding(Purpose.SECRET, ones, ones, ones, ones, Long.MAX_VALUE);
        vectors.add(make("largest-numbers", text, largest, random));
        Path target = Path.of(args[0]);
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Path written = Files.writeString(target, mapper.writeValueAsString(vectors) + "\n");
        System.out.println(vectors.size() + " vectors in " + written);
    }

    private static Vector make(String name, byte[] plain, Binding binding, SeededRandom random) {
        HexFormat hex = HexFormat.of();
        byte[] keyBytes = random.bytes(32);
        int epoch = binding.version() == Long.MAX_VALUE ? Integer.MAX_VALUE : 1 + random.nextInt(1000);
        byte[] sealed =
                new Envelope(random).seal(OrgKey.of(new OrgKeyId(binding.orgId(), epoch), keyBytes), binding, plain);
        return new Vector(
                name,
                hex.formatHex(keyBytes),
                epoch,
                binding.purpose().name(),
                binding.orgId(),
                binding.projectId(),
                binding.environmentId(),
                binding.secretId(),
                binding.version(),
                hex.formatHex(plain),
                hex.formatHex(sealed));
    }
}
