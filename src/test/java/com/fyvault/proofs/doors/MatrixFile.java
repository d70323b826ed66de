package com.fyvault.proofs.doors;

import com.fyvault.tokens.Role;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the matrix strictly: what is unknown, missing or said twice is an error that names its line. */
final class MatrixFile {
    private static final String FILE = "/authorization-matrix.txt";
    private static final Set<String> SECTIONS = Set.of("roles", "kinds", "states", "places", "bearers");
    private static final Set<String> METHODS = Set.of("GET", "POST", "PATCH", "PUT", "DELETE");
    private static final Set<String> WORDS = Set.of(
            "door", "needs", "roles", "may", "never", "refuses", "gives", "whole", "factor", "query", "body", "answers",
            "itself");

    private final Map<String, Matrix.Standing> roles = new LinkedHashMap<>();
    private final Map<String, Matrix.Kind> kinds = new LinkedHashMap<>();
    private final Map<String, Matrix.Bearer> bearers = new LinkedHashMap<>();
    private final Map<String, Map<String, Matrix.Fault>> faults = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<Row.Line> lines = new ArrayList<>();
    private final Map<String, List<String>> said = new LinkedHashMap<>();
    private String section = "";
    private int number;

    private MatrixFile() {}

    /** The matrix of this project. */
    static Matrix read() {
        return parse(text());
    }

    static String text() {
        try (InputStream file = MatrixFile.class.getResourceAsStream(FILE)) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Matrix parse(String text) {
        MatrixFile file = new MatrixFile();
        for (String line : text.lines().toList()) {
            file.number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                file.take(line);
            }
        }
        file.endRow();
        return new Matrix(
                file.roles,
                file.kinds,
                file.section("states"),
                file.section("places"),
                file.bearers,
                List.copyOf(file.rows));
    }

    private Map<String, Matrix.Fault> section(String name) {
        return faults.getOrDefault(name, Map.of());
    }

    private void take(String line) {
        List<String> words = Arrays.asList(line.strip().split("\\s+"));
        if (line.startsWith(" ")) {
            indented(line, words);
            return;
        }
        if (!said.isEmpty() || SECTIONS.contains(words.get(0))) {
            endRow();
        }
        if (SECTIONS.contains(words.get(0))) {
            section = words.get(0);
        } else if (METHODS.contains(words.get(0)) && words.size() == 2) {
            section = "";
            lines.add(new Row.Line(words.get(0), words.get(1)));
        } else {
            throw wrong("is neither a section nor a route");
        }
    }

    private void indented(String line, List<String> words) {
        String first = words.get(0);
        List<String> rest = words.subList(1, words.size());
        switch (section) {
            case "" -> word(line, first, rest);
            case "roles" -> once(roles, first, standing(rest));
            case "kinds" ->
                once(
                        kinds,
                        first,
                        new Matrix.Kind(first, TokenKind.valueOf(rest.get(0)), scopes(rest.subList(1, rest.size()))));
            case "bearers" -> once(bearers, first, bearer(rest));
            default ->
                once(
                        faults.computeIfAbsent(section, missing -> new LinkedHashMap<>()),
                        first,
                        new Matrix.Fault(
                                rest.isEmpty() ? null : rest.get(0),
                                Set.copyOf(rest.subList(Math.min(1, rest.size()), rest.size()))));
        }
    }

    private void word(String line, String first, List<String> rest) {
        boolean thing = first.startsWith("{") && rest.size() == 2 && rest.get(0).equals("=");
        if (lines.isEmpty() || !(thing || WORDS.contains(first))) {
            throw wrong("is no word of a row");
        }
        switch (first) {
            case "refuses" ->
                said.computeIfAbsent(first, missing -> new ArrayList<>()).addAll(refusals(rest));
            case "query", "body" ->
                once(said, first, List.of(line.strip().substring(first.length()).strip()));
            default -> once(said, first, rest);
        }
    }

    private static List<String> refusals(List<String> rest) {
        return rest.subList(1, rest.size()).stream()
                .map(kind -> kind + "=" + rest.get(0))
                .toList();
    }

    private void endRow() {
        if (lines.isEmpty()) {
            return;
        }
        Row.Guard guard = guard();
        boolean org = guard == Row.Guard.ORG;
        Map<TokenKind, String> refuses = new EnumMap<>(TokenKind.class);
        said("refuses").forEach(one -> once(refuses, kind(one.split("=")[0]), one.split("=")[1]));
        Map<String, String> things = new LinkedHashMap<>();
        said.forEach((word, rest) -> {
            if (word.startsWith("{")) {
                things.put(word.substring(1, word.length() - 1), rest.get(1));
            }
        });
        Row row = new Row(
                List.copyOf(lines),
                guard,
                scopeSet("needs"),
                scopeSet("itself"),
                org ? roleSet() : EnumSet.noneOf(Role.class),
                kindSet("may"),
                kindSet("never"),
                refuses,
                scopeSet("gives"),
                said.containsKey("whole"),
                said.containsKey("factor"),
                only("query") == null ? "" : "?" + only("query"),
                only("body"),
                things,
                only("answers"));
        checkKinds(row);
        rows.add(row);
        lines.clear();
        said.clear();
    }

    /** A kind that nobody has thought about is not taken for one that may not. */
    private void checkKinds(Row row) {
        for (Matrix.Kind kind : kinds.values()) {
            TokenKind token = kind.token();
            int named = (row.may().contains(token) ? 1 : 0)
                    + (row.never().contains(token) ? 1 : 0)
                    + (row.refuses().containsKey(token) ? 1 : 0);
            if (named != (row.ofOrganization() ? 1 : 0)) {
                throw wrong("ends a row that names " + kind.name() + " " + named + " times: " + row.lines());
            }
        }
    }

    private Row.Guard guard() {
        @Nullable String door = only("door");
        return door == null ? Row.Guard.ORG : Row.Guard.valueOf(door.toUpperCase(Locale.ROOT));
    }

    private List<String> said(String word) {
        return said.getOrDefault(word, List.of());
    }

    private @Nullable String only(String word) {
        List<String> rest = said(word);
        return rest.isEmpty() ? null : rest.get(0);
    }

    private Set<Scope> scopeSet(String word) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        said(word).forEach(name -> scopes.add(Scope.valueOf(name)));
        return scopes;
    }

    private Set<TokenKind> kindSet(String word) {
        Set<TokenKind> named = EnumSet.noneOf(TokenKind.class);
        said(word).forEach(name -> named.add(kind(name)));
        return named;
    }

    private Set<Role> roleSet() {
        Set<Role> named = EnumSet.noneOf(Role.class);
        said("roles").forEach(name -> named.add(Role.of(name)));
        if (named.isEmpty()) {
            throw wrong("ends a row without roles: " + lines);
        }
        return named;
    }

    private TokenKind kind(String name) {
        Matrix.@Nullable Kind kind = kinds.get(name);
        if (kind == null) {
            throw wrong("names a kind that is not in kinds: " + name);
        }
        return kind.token();
    }

    private static Matrix.Bearer bearer(List<String> rest) {
        String code = rest.get(0);
        return new Matrix.Bearer(code, rest.size() > 1 ? rest.get(1) : code, rest.size() > 2 ? rest.get(2) : code);
    }

    private static Matrix.Standing standing(List<String> rest) {
        boolean code = rest.size() == 1 && rest.get(0).startsWith("TOKEN_");
        return code ? new Matrix.Standing(ScopeSet.of(), rest.get(0)) : new Matrix.Standing(scopes(rest), null);
    }

    private static ScopeSet scopes(List<String> names) {
        return names.equals(List.of("every"))
                ? ScopeSet.all()
                : ScopeSet.of(names.stream().map(Scope::valueOf).toArray(Scope[]::new));
    }

    private <K, V> void once(Map<K, V> map, K key, V value) {
        if (map.put(key, value) != null) {
            throw wrong("says " + key + " twice");
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(FILE + " line " + number + " " + what);
    }
}
