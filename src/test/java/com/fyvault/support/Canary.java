package com.fyvault.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A text that occurs nowhere else, planted to see where it turns up: in clear, base64, hex or URL form. */
public final class Canary {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CHUNK = 8 * 1024 * 1024;
    private static final int OVERLAP = 1_024;

    private final String marker;
    private final Set<String> forms = new LinkedHashSet<>();

    private Canary(String marker) {
        this.marker = marker;
        byte[] bytes = marker.getBytes(StandardCharsets.ISO_8859_1);
        forms.add(marker);
        forms.add(URLEncoder.encode(marker, StandardCharsets.UTF_8));
        forms.add(HexFormat.of().formatHex(bytes));
        forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
        for (int shift = 0; shift < 3; shift++) {
            // What base64 makes of the marker depends on where it begins; the ends depend on its neighbours.
            byte[] shifted = new byte[shift + bytes.length];
            System.arraycopy(bytes, 0, shifted, shift, bytes.length);
            forms.add(inner(Base64.getEncoder().encodeToString(shifted)));
            forms.add(inner(Base64.getUrlEncoder().encodeToString(shifted)));
        }
    }

    /** A new one. */
    public static Canary make() {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return new Canary("cn/ry+" + HexFormat.of().formatHex(bytes));
    }

    /** For places that take names only: without characters that would be escaped. */
    public static Canary makePlain() {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return new Canary("cnry" + HexFormat.of().formatHex(bytes));
    }

    /** Something that exists already, such as a token. */
    public static Canary of(String text) {
        return new Canary(text);
    }

    /** The text, to be planted. */
    public String text() {
        return marker;
    }

    /** The forms of it that the text holds. */
    public List<String> foundIn(String text) {
        return forms.stream().filter(text::contains).toList();
    }

    /** The files under a directory that hold one of its forms. */
    public List<String> foundUnder(Path directory) {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                if (isIn(file)) {
                    found.add(file.toString());
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return found;
    }

    /** True when the file holds one of its forms. */
    public boolean isIn(Path file) {
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            int kept = 0;
            for (int n = in.readNBytes(chunk, kept, CHUNK - kept);
                    n > 0;
                    n = in.readNBytes(chunk, kept, CHUNK - kept)) {
                int length = kept + n;
                if (!foundIn(new String(chunk, 0, length, StandardCharsets.ISO_8859_1))
                        .isEmpty()) {
                    return true;
                }
                kept = Math.min(OVERLAP, length);
                System.arraycopy(chunk, length - kept, chunk, 0, kept);
            }
            return false;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String inner(String base64) {
        return base64.substring(4, base64.length() - 4);
    }
}
