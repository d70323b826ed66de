package com.fyvault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.postgres.Everywhere;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may ask PostgreSQL for rows of every organization, and why: all else names one, in every statement. */
class TenancyTest {
    private static final Map<String, String> EVERYWHERE = Map.ofEntries(
            Map.entry("tokens.PostgresCredentialStore", "a token's hash is how a request says whose it is"),
            Map.entry("leaks.PostgresLeakStore", "whose a text is that was found in public"),
            Map.entry("members.PostgresInvitationStore", "so is an invitation's"),
            Map.entry("audit.PostgresAuditWriter", "a batch is of all who have just asked"),
            Map.entry("uses.PostgresUseStore", "so are the last uses of a while"),
            Map.entry("credentials.PostgresKeyHomes", "of which organization a person's key or team is"),
            Map.entry("people.PostgresMemberships", "the organizations of a person"),
            Map.entry("people.PostgresLoginSessions", "the organizations that a login has entered"),
            Map.entry("notices.PostgresNoticeStore", "what is due is due, whoever's it is"),
            Map.entry("advice.PostgresDigestStore", "what is due is due, whoever's it is"),
            Map.entry("advice.SendDigests", "so is this"),
            Map.entry("secrets.PostgresPrintStore", "which organization has values without a fingerprint"),
            Map.entry("webhooks.PostgresSigningPrints", "and which has secrets that sign without one"),
            Map.entry("bootstrap.Bootstrap", "whether there is any organization yet"),
            Map.entry("webhooks.PostgresDeliveryStore", "what is due is due, whoever's it is"),
            Map.entry("providers.PostgresProviderEnds", "what ends soon ends, whoever's it is"),
            Map.entry("events.PostgresEventPurge", "age is all that counts"),
            Map.entry("purge.PurgeDeleted", "age is all that counts"),
            Map.entry("purge.PostgresSessionPurgeStore", "age is all that counts"),
            Map.entry("purge.PostgresUpkeep", "age is all that counts"),
            Map.entry("federation.PostgresUsedIdentities", "age is all that counts"));

    /** A statement by the name of its constant, and no organization before it. */
    private static final Pattern WITHOUT_ONE = Pattern.compile("database\\s*[.]query\\(\\s*([A-Z][A-Z_]*),");

    private static final Pattern TABLE = Pattern.compile("create table (\\w+) \\((.*?)\n\\)", Pattern.DOTALL);

    @Test
    void onlyTheseAskEverywhere() throws URISyntaxException {
        Path classes = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        JavaClasses production = new ClassFileImporter().importPath(classes);
        String root = Main.class.getPackageName() + ".";
        Set<String> found = production.get(Everywhere.class).getDirectDependenciesToSelf().stream()
                .map(dependency -> dependency.getOriginClass().getName())
                .filter(name -> !name.startsWith(Everywhere.class.getPackageName()))
                .map(name -> name.substring(root.length()))
                .collect(Collectors.toSet());
        assertThat(found).isEqualTo(EVERYWHERE.keySet());
    }

    /** A statement on a table of organizations that is asked without one is an error at run time, and only there. */
    @Test
    void noStatementOnATableOfOrganizationsIsAskedWithoutOne() throws IOException {
        Set<String> walled = walled();
        assertThat(walled).contains("secret", "environment", "login_entry").doesNotContain("account", "login_session");
        Pattern table = Pattern.compile("(?:from|join|into|update)\\s+(" + String.join("|", walled) + ")\\b");
        List<String> forgotten = new ArrayList<>();
        int asked = 0;
        for (Path source : files(Path.of("src/main/java"), "Postgres.*[.]java")) {
            String text = Files.readString(source);
            Matcher query = WITHOUT_ONE.matcher(text);
            while (query.find()) {
                asked++;
                Matcher sql = Pattern.compile("String " + query.group(1) + "\\s*=(.*?);\n", Pattern.DOTALL)
                        .matcher(text);
                assertThat(sql.find()).as(source + " " + query.group(1)).isTrue();
                if (table.matcher(sql.group(1)).find()) {
                    forgotten.add(source.getFileName() + " " + query.group(1));
                }
            }
        }
        assertThat(asked).isPositive();
        assertThat(forgotten).isEmpty();
    }

    private static Set<String> walled() throws IOException {
        Set<String> tables = new TreeSet<>();
        for (Path script : files(Path.of("src/main/resources/db/migration"), ".*[.]sql")) {
            Matcher made = TABLE.matcher(Files.readString(script));
            while (made.find()) {
                if (made.group(2).contains("org_id")) {
                    tables.add(made.group(1));
                }
            }
        }
        return tables;
    }

    private static List<Path> files(Path folder, String name) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.getFileName().toString().matches(name))
                    .sorted()
                    .toList();
        }
    }
}
