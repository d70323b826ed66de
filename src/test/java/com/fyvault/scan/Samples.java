package com.fyvault.scan;

import com.fyvault.support.SeededRandom;
import com.fyvault.tokens.TokenFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** Made-up secrets of every format, drawn from the templates in scan/samples.txt. */
final class Samples {
    private static final String DEC = "0123456789";
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String B62 = DEC + UPPER + LOWER;
    private static final Map<String, String> ALPHABETS = Map.of(
            "dec", DEC,
            "hex", DEC + "abcdef",
            "b32", UPPER + "234567",
            "b36", DEC + LOWER,
            "B36", DEC + UPPER,
            "b62", B62,
            "alpha", UPPER + LOWER,
            "url", B62 + "-_",
            "b64", B62 + "+/",
            "bech32", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L");
    private static final Pattern PART = Pattern.compile("\\{(\\w+)(?::(\\d+))?}");

    private final Map<String, String> templates = new LinkedHashMap<>();
    private final Random random;

    Samples(long seed) {
        this.random = new Random(seed);
        try (InputStream file = Samples.class.getResourceAsStream("/scan/samples.txt")) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] columns = line.split("\t");
                templates.put(columns[0], columns[1]);
            });
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    Map<String, String> templates() {
        return templates;
    }

    /** A new secret of the rule. */
    String draw(String rule) {
        String template = templates.get(rule);
        Matcher part = PART.matcher(template);
        StringBuilder drawn = new StringBuilder();
        int from = 0;
        while (part.find()) {
            drawn.append(template, from, part.start());
            drawn.append(part(part, drawn.toString()));
            from = part.end();
        }
        return drawn.append(template.substring(from)).toString();
    }

    private String part(Matcher part, String before) {
        return switch (part.group(1)) {
            case "newline" -> "\n";
            case "uuid" -> uuid();
            case "github" -> github();
            // The checksum covers the prefix too.
            case "fyvault" ->
                TokenFormat.draw(before, new SeededRandom(random.nextLong())).substring(before.length());
            default -> text(ALPHABETS.get(part.group(1)), Integer.parseInt(part.group(2)));
        };
    }

    private String github() {
        String secret = text(B62, 30);
        CRC32 crc = new CRC32();
        crc.update(secret.getBytes(StandardCharsets.US_ASCII));
        StringBuilder digits = new StringBuilder();
        long rest = crc.getValue();
        for (int i = 0; i < 6; i++) {
            digits.append(B62.charAt((int) (rest % 62)));
            rest /= 62;
        }
        return secret + digits.reverse();
    }

    private String uuid() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String name = UUID.nameUUIDFromBytes(bytes).toString();
        // Of version 4, as those that are drawn.
        return name.substring(0, 14) + "4" + name.substring(15);
    }

    /** Its last and first characters are no signs, so that what stands around cannot be part of it. */
    private String text(String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            char next = alphabet.charAt(random.nextInt(alphabet.length()));
            boolean atAnEnd = text.isEmpty() || text.length() == length - 1;
            if (!atAnEnd || Character.isLetterOrDigit(next)) {
                text.append(next);
            }
        }
        return text.toString();
    }
}
