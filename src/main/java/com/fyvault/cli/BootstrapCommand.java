package com.fyvault.cli;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.tokens.MintedToken;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code fyvault bootstrap}: an organization with its owner and the owner's key, or another key for an
 * owner who lost the last one. Whoever can run it has the root key and the database, so it asks for no
 * token; what it does is in the audit trail. It works beside running servers.
 */
@Command(
        name = "bootstrap",
        description = "Makes an organization, or with --org another owner's key for one; prints the key once.",
        mixinStandardHelpOptions = true)
public final class BootstrapCommand implements Callable<Integer> {
    @Mixin
    private Installation installation = new Installation();

    @Option(names = "--org", description = "An organization that exists: makes another key of its owner.")
    private @Nullable UUID org;

    @Option(names = "--name", description = "The name of a new organization. Default \"${DEFAULT-VALUE}\".")
    private String name = "My organization";

    @Option(names = "--email", description = "The address of its owner. Default \"${DEFAULT-VALUE}\".")
    private String email = "owner@example.com";

    @Option(names = "--base-url", description = "What to print as FYVAULT_BASE_URL. Default \"${DEFAULT-VALUE}\".")
    private String baseUrl = "http://127.0.0.1:8200/api/v1";

    @Override
    public Integer call() throws Exception {
        if (name.isBlank() || name.length() > 200 || !email.contains("@")) {
            throw new CliError("--name is 1 to 200 characters and --email an address");
        }
        installation.run(operator -> make(operator.bootstrap()));
        return 0;
    }

    private void make(Bootstrap bootstrap) {
        if (org == null) {
            Bootstrap.Made made = RunningServer.await(bootstrap.make(name, email), Installation.SECONDS);
            print(made.orgId(), made.key());
        } else {
            print(org, RunningServer.await(bootstrap.anotherKey(org), Installation.SECONDS));
        }
    }

    private void print(UUID orgId, MintedToken key) {
        System.out.println("FYVAULT_BASE_URL=" + baseUrl);
        System.out.println("FYVAULT_ORG_ID=" + orgId);
        System.out.println("FYVAULT_API_KEY=" + key.exposeText());
        System.out.flush();
        System.err.println("The key is shown this once.");
    }
}
