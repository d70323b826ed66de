package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * How fast, and how often wrongly: over the sources of this repository, and those of the JDK that runs the test where it has
 * them. Both are ordinary source, and hold no secret.
 */
class ScanFiguresTest {
    private static final Path ROOT = Path.of(System.getProperty("fyvault.basedir", "."));
    private static final Path JDK = Path.of(System.getProperty("java.home"), "lib", "src.zip");
    private static final double MEGABYTE = 1e6;

    private record Source(String path, byte[] bytes) {}

    @Test
    void tenMegabytesOfOrdinarySourceHoldOneFalseFindingAtMost() throws IOException {
        List<Source> sources = sources(Lane.count(40_000_000, 1_000_000_000));
        Detector detector = Detector.ofFiles(RuleSet.own());
        List<String> wrong = new ArrayList<>();
        for (Source source : sources) {
            Detector.Found found = detector.scan(source.bytes(), source.bytes().length, Place.file(source.path()));
            assertThat(found.cut()).as(source.path()).isFalse();
            found.findings()
                    .forEach(finding -> wrong.add(finding.rule() + " in " + source.path() + ":" + finding.line()));
        }
        double megabytes = size(sources) / MEGABYTE;
        Figures.print(new Figures.Line(
                "I5.4",
                "false findings in ordinary source",
                0,
                sources.size(),
                wrong.size(),
                String.format(Locale.ROOT, "%.1f MB %s", megabytes, what())));
        assertThat((double) wrong.size()).as("%s", wrong).isLessThanOrEqualTo(megabytes / 10);
    }

    @Test
    void scansAHundredMegabytesASecondOnOneCore() throws IOException {
        List<Source> sources = sources(40_000_000);
        Detector detector = Detector.ofFiles(RuleSet.own());
        double best = 0;
        long total = 0;
        for (int round = 0; round < Lane.count(3, 8); round++) {
            long began = processorNanos();
            for (Source source : sources) {
                total += detector.scan(source.bytes(), source.bytes().length, Place.file(source.path()))
                        .findings()
                        .size();
            }
            best = Math.max(best, size(sources) / MEGABYTE / ((processorNanos() - began) / 1e9));
        }
        Figures.print(new Figures.Line(
                "I5.4",
                "speed on one core",
                0,
                sources.size(),
                0,
                String.format(Locale.ROOT, "%.0f MB/s of processor time, %s", best, what())));
        // Whatever was found there is judged above; that it is counted keeps the work from being left out.
        assertThat(total).isLessThan(100);
        if (Lane.isFull()) {
            assertThat(best).isGreaterThanOrEqualTo(100);
        }
    }

    private static String what() {
        return Files.exists(JDK) ? "of this repository and the JDK" : "of this repository, several times";
    }

    /** The repository's own, then the JDK's or else the repository's again, until there are so many bytes. */
    private static List<Source> sources(long bytes) throws IOException {
        List<Source> sources = new ArrayList<>(repository());
        long has = size(sources);
        if (Files.exists(JDK)) {
            try (ZipFile zip = new ZipFile(JDK.toFile())) {
                for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements() && has < bytes; ) {
                    ZipEntry entry = all.nextElement();
                    try (InputStream in = zip.getInputStream(entry)) {
                        byte[] content = in.readAllBytes();
                        sources.add(new Source(entry.getName(), content));
                        has += content.length;
                    }
                }
            }
            return sources;
        }
        List<Source> once = List.copyOf(sources);
        for (long more = has; has < Math.min(bytes, 40_000_000); has += more) {
            sources.addAll(once);
        }
        return sources;
    }

    private static List<Source> repository() throws IOException {
        List<Source> sources = new ArrayList<>();
        for (String part : List.of("src", "docs", "k8s", "config")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(part))) {
                files.filter(Files::isRegularFile).forEach(file -> sources.add(read(file)));
            }
        }
        return sources;
    }

    private static Source read(Path file) {
        try {
            return new Source(ROOT.relativize(file).toString(), Files.readAllBytes(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static long size(List<Source> sources) {
        return sources.stream().mapToLong(source -> source.bytes().length).sum();
    }

    /** Others share this machine, and their time is not ours. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
