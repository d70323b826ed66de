package com.fyvault.scan;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads rules in the format of gitleaks. A field that nobody knows is a warning; one that is known and would change what is
 * found, and is not supported, is refused.
 */
final class RuleFile {
    private static final int MOST_RULES = 2000;
    private static final Set<String> TOP =
            Set.of("title", "description", "minversion", "extend", "rules", "allowlist", "allowlists");
    private static final Set<String> EXTEND = Set.of("usedefault", "disabledrules", "path", "url");
    private static final Set<String> RULE = Set.of(
            "id",
            "description",
            "regex",
            "path",
            "keywords",
            "entropy",
            "secretgroup",
            "tags",
            "allowlist",
            "allowlists",
            "required",
            "skipreport",
            "confidence",
            "checksum",
            "anchored",
            "reach");

    private final Map<String, Rule> rules = new LinkedHashMap<>();
    private final List<Allowlist> allowlists = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final boolean own;

    private RuleFile(boolean own) {
        this.own = own;
    }

    /** @param usual the rules that a file may extend */
    static RuleSet parse(String toml, Supplier<RuleSet> usual) {
        try {
            TomlTable top = new TomlTable(new TomlMapper().readTree(toml), "the file");
            RuleFile file = new RuleFile(top.text("title").equals("FyVault"));
            file.read(top, usual);
            return new RuleSet(List.copyOf(file.rules.values()), List.copyOf(file.allowlists), file.warnings);
        } catch (JacksonException malformed) {
            throw new RulesRefused("is no TOML: " + malformed.getOriginalMessage(), malformed);
        }
    }

    private void read(TomlTable top, Supplier<RuleSet> usual) {
        warnings.addAll(top.unknown(TOP));
        TomlTable extend = top.table("extend");
        warnings.addAll(extend.unknown(EXTEND));
        if (extend.has("path") || extend.has("url")) {
            throw new RulesRefused("extends another file, which is not supported; only useDefault is");
        }
        if (extend.flag("usedefault")) {
            RuleSet base = usual.get();
            base.rules().forEach(rule -> rules.put(rule.id(), rule));
            allowlists.addAll(base.allowlists());
        }
        extend.texts("disabledrules").forEach(rules::remove);
        for (TomlTable rule : top.tables("rules")) {
            read(rule);
        }
        allowlists.addAll(allowlists(top));
        if (rules.isEmpty() || rules.size() > MOST_RULES) {
            throw new RulesRefused("has no rules, or more than " + MOST_RULES);
        }
    }

    private void read(TomlTable table) {
        String id = table.text("id");
        if (id.isEmpty()) {
            throw new RulesRefused("has a rule without an id");
        }
        TomlTable rule = table.named("rule " + id);
        warnings.addAll(rule.unknown(RULE));
        if (rule.has("required") || rule.flag("skipreport")) {
            throw new RulesRefused("rule " + id + " is made of several, which is not supported");
        }
        if (!rule.has("regex")) {
            warnings.add("rule " + id + " is passed over: it has no regex, and names of files alone are not looked at");
            return;
        }
        if (rule.texts("keywords").isEmpty()) {
            warnings.add("rule " + id + " has no keywords, so it is tried on everything, which is slow");
        }
        Rule read = new Rule(facts(id, rule));
        // Its own are tried by a test, and compiled when they are needed: a start should be short.
        if (!own) {
            compile(id, read);
        }
        rules.put(id, read);
    }

    private static Rule.Facts facts(String id, TomlTable rule) {
        String regex = rule.text("regex");
        return new Rule.Facts(
                id,
                rule.has("description") ? rule.text("description") : id,
                regex,
                rule.has("path") ? pattern("rule " + id, rule.text("path")) : null,
                rule.texts("keywords").stream().filter(word -> !word.isEmpty()).toList(),
                rule.flag("anchored"),
                reach(rule),
                rule.number("entropy"),
                (int) rule.number("secretgroup"),
                one(rule, "checksum", Checksum.NONE, Checksum.class),
                one(rule, "confidence", Confidence.MEDIUM, Confidence.class),
                allowlists(rule));
    }

    private static Rule.Reach reach(TomlTable rule) {
        int reach = (int) rule.number("reach");
        return reach == 0 ? Rule.Reach.USUAL : new Rule.Reach(reach, reach);
    }

    private static List<Allowlist> allowlists(TomlTable owner) {
        List<TomlTable> tables = new ArrayList<>(owner.tables("allowlists"));
        if (owner.has("allowlist")) {
            tables.add(owner.table("allowlist"));
        }
        return tables.stream().map(RuleFile::allowlist).toList();
    }

    private static Allowlist allowlist(TomlTable table) {
        String over = table.text("regextarget").toUpperCase(Locale.ROOT);
        String condition = table.text("condition").toUpperCase(Locale.ROOT);
        return new Allowlist(
                Set.copyOf(table.texts("targetrules")),
                condition.equals("AND") || condition.equals("&&"),
                over.equals("MATCH")
                        ? Allowlist.Over.MATCH
                        : over.equals("LINE") ? Allowlist.Over.LINE : Allowlist.Over.SECRET,
                patterns(table, "regexes"),
                table.texts("stopwords").stream()
                        .map(word -> word.toLowerCase(Locale.ROOT))
                        .toList(),
                patterns(table, "paths"),
                Set.copyOf(table.texts("commits")));
    }

    private static List<Pattern> patterns(TomlTable table, String name) {
        return table.texts(name).stream()
                .map(regex -> pattern(table.name(), regex))
                .toList();
    }

    private static Pattern pattern(String where, String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException malformed) {
            throw new RulesRefused(where + ": " + malformed.getMessage(), malformed);
        }
    }

    private static void compile(String id, Rule rule) {
        int groups = pattern("rule " + id, rule.facts().regex()).groupCount();
        if (rule.facts().secretGroup() < 0 || rule.facts().secretGroup() > groups) {
            throw new RulesRefused(
                    "rule " + id + " has no group " + rule.facts().secretGroup());
        }
    }

    private static <E extends Enum<E>> E one(TomlTable rule, String name, E usual, Class<E> type) {
        if (!rule.has(name)) {
            return usual;
        }
        String text = rule.text(name).toUpperCase(Locale.ROOT).replace('-', '_');
        for (E value : type.getEnumConstants()) {
            if (value.name().equals(text)) {
                return value;
            }
        }
        throw new RulesRefused(rule.name() + ": its " + name + " is none that is known");
    }
}
