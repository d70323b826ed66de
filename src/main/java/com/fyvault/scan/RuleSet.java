package com.fyvault.scan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules, and what is no finding whatever the rule.
 *
 * @param warnings what of a file was passed over
 */
public record RuleSet(List<Rule> rules, List<Allowlist> allowlists, List<String> warnings) {
    private static final String OWN = "rules.toml";
    private static final long LONGEST_FILE = 4 * 1024 * 1024;

    /** Those that come along: FyVault's own formats and the known ones of others. */
    public static RuleSet own() {
        return Own.RULES;
    }

    /**
     * A file in the format of gitleaks.
     *
     * @throws RulesRefused when it cannot be read, is no such file, or asks for what is not supported
     */
    public static RuleSet read(Path file) {
        try {
            if (Files.size(file) > LONGEST_FILE) {
                throw new RulesRefused(file + " is larger than " + LONGEST_FILE + " bytes");
            }
            return RuleFile.parse(Files.readString(file), RuleSet::own);
        } catch (RulesRefused refused) {
            throw new RulesRefused(file + ": " + refused.getMessage(), refused);
        } catch (IOException unreadable) {
            throw new RulesRefused("cannot read the rules in " + file + ": " + unreadable, unreadable);
        }
    }

    /** Parsed once, when they are first needed. */
    private static final class Own {
        private static final RuleSet RULES = load();

        private static RuleSet load() {
            try (@Nullable InputStream file = RuleSet.class.getResourceAsStream(OWN)) {
                if (file == null) {
                    throw new IllegalStateException("this program has lost its " + OWN);
                }
                return RuleFile.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8), () -> {
                    throw new IllegalStateException(OWN + " extends itself");
                });
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }
}
