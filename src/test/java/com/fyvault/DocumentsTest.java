package com.fyvault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents point at is there, and the map shows every package and every decision. */
class DocumentsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("fyvault.basedir", ".")).toAbsolutePath().normalize();
    private static final String LINK = "\\]\\(([^)#:\\s]*)(#[^)\\s]*)?\\)";

    static Stream<String> documents() {
        return Stream.concat(Stream.of("README.md"), filesUnder("docs", ".md"));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkInsideTheProjectLeadsSomewhere(String document) {
        Path folder = ROOT.resolve(document).resolveSibling(".");
        for (MatchResult link : Document.of(document).matches(LINK)) {
            String file = link.group(1);
            Path target = file.isEmpty()
                    ? ROOT.resolve(document)
                    : folder.resolve(file).normalize();
            assertThat(target).as(link.group()).exists();
            if (link.group(2) != null) {
                String path = ROOT.relativize(target).toString();
                assertThat(anchors(path)).as(link.group()).contains(link.group(2));
            }
        }
    }

    @Test
    void theArchitectureNamesEveryPackage() throws IOException {
        Document architecture = Document.of("docs/ARCHITECTURE.md");
        try (Stream<Path> folders = Files.list(ROOT.resolve("src/main/java/com/fyvault"))) {
            assertThat(folders.filter(DocumentsTest::holdsCode).map(folder -> "`" + folder.getFileName() + "`"))
                    .allSatisfy(name -> assertThat(architecture.text()).contains(name));
        }
    }

    @Test
    void everyDecisionHasANumber() {
        Document index = Document.of("docs/decisions/README.md");
        List<String> numbered = index.matches("(?m)^\\| \\d+ \\| \\[.*\\]\\((.*)\\) \\|$").stream()
                .map(row -> "docs/decisions/" + row.group(1))
                .toList();
        assertThat(filesUnder("docs/decisions", ".md").filter(file -> !file.endsWith("README.md")))
                .containsExactlyInAnyOrderElementsOf(numbered);
    }

    /** The anchors that hosts of Markdown make of headings. */
    private static List<String> anchors(String document) {
        return Document.of(document).matches("(?m)^#+ (.*)$").stream()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
                .map(text -> "#" + text.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
                .toList();
    }

    /** A package that holds nothing yet but its description is not on the map. */
    private static boolean holdsCode(Path folder) {
        return Files.isDirectory(folder)
                && filesUnder(ROOT.relativize(folder).toString(), ".java").count() > 1;
    }

    private static Stream<String> filesUnder(String folder, String ending) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files
                    .map(file -> ROOT.relativize(file).toString())
                    .filter(name -> name.endsWith(ending))
                    .toList()
                    .stream();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
