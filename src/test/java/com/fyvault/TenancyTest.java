package com.fyvault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.postgres.Everywhere;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who may ask PostgreSQL for rows of every organization, and why: what is not named here names one. */
class TenancyTest {
    private static final Map<String, String> EVERYWHERE = Map.ofEntries(
            Map.entry("tokens.PostgresCredentialStore", "a token's hash is how a request says whose it is"),
            Map.entry("members.PostgresInvitationStore", "so is an invitation's"),
            Map.entry("audit.PostgresAuditWriter", "a batch is of all who have just asked"),
            Map.entry("uses.PostgresUseStore", "so are the last uses of a while"),
            Map.entry("credentials.PostgresKeyHomes", "of which organization a person's key or team is"),
            Map.entry("people.PostgresMemberships", "the organizations of a person"),
            Map.entry("people.PostgresLoginSessions", "the organizations that a login has entered"),
            Map.entry("notices.PostgresNoticeStore", "what is due is due, whoever's it is"),
            Map.entry("bootstrap.Bootstrap", "whether there is any organization yet"),
            Map.entry("purge.PurgeDeleted", "age is all that counts"),
            Map.entry("purge.PostgresSessionPurgeStore", "age is all that counts"),
            Map.entry("purge.PostgresUpkeep", "age is all that counts"),
            Map.entry("federation.PostgresUsedIdentities", "age is all that counts"));

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
}
