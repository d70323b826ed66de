package com.fyvault.cli;

import com.fyvault.App;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.Role;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code fyvault org}: locks an organization, takes its lock away, gives a member another role, clears what it asks of
 * its tokens. It works beside running servers and returns when nothing is released any more on what it took away.
 */
@Command(
        name = "org",
        description = "Locks and unlocks an organization, changes the role of a member, and clears the policy.",
        mixinStandardHelpOptions = true)
public final class OrgCommand {
    @Mixin
    private Installation installation = new Installation();

    @Command(name = "lock", description = "Refuses every token of the organization until it is unlocked.")
    void lock(@Option(names = "--org", required = true, description = "The organization's id.") UUID org)
            throws Exception {
        setLocked(org, true);
        System.out.println("fyvault: locked " + org);
    }

    @Command(name = "unlock", description = "Takes the lock away.")
    void unlock(@Option(names = "--org", required = true, description = "The organization's id.") UUID org)
            throws Exception {
        setLocked(org, false);
        System.out.println("fyvault: unlocked " + org);
    }

    @Command(name = "role", description = "Gives a member another role; none removes them.")
    void role(
            @Option(names = "--org", required = true, description = "The organization's id.") UUID org,
            @Option(names = "--email", required = true, description = "The member's address.") String email,
            @Option(names = "--role", required = true, description = "owner, admin, developer, member, viewer or none.")
                    String role)
            throws Exception {
        Role wanted = parse(role);
        installation.run(operator -> {
            Membership changed =
                    RunningServer.await(operator.standings().setRole(org, email, wanted), Installation.SECONDS);
            settle(operator);
            System.out.println("fyvault: " + changed.userId() + " is "
                    + (wanted == Role.NONE ? "no member any more" : wanted.text()));
        });
    }

    @Command(name = "policy", description = "Clears what the organization asks of its tokens, when it lets nobody in.")
    void policy(
            @Option(names = "--org", required = true, description = "The organization's id.") UUID org,
            @Option(
                            names = "--clear",
                            required = true,
                            description = "Any address, keys of any age, and no second factor from now on.")
                    boolean clear)
            throws Exception {
        if (!clear) {
            throw new CliError("the policy can only be cleared here: --clear");
        }
        installation.run(operator -> {
            long _ = RunningServer.await(operator.policies().clear(org), Installation.SECONDS);
            settle(operator);
            System.out.println("fyvault: " + org + " asks nothing of its tokens");
        });
    }

    private void setLocked(UUID org, boolean locked) throws Exception {
        installation.run(operator -> {
            long _ = RunningServer.await(operator.standings().setLocked(org, locked), Installation.SECONDS);
            settle(operator);
        });
    }

    /** What was decided before the commit is released within the release deadline or never. */
    private static void settle(App.Operator operator) {
        LockSupport.parkNanos(
                TimeUnit.MILLISECONDS.toNanos(operator.releaseDeadline().toMillis()));
    }

    private static Role parse(String text) {
        try {
            return Role.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new CliError("--role is owner, admin, developer, member, viewer or none", unknown);
        }
    }
}
