package com.fyvault.cli;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One line of demo/secrets.txt.
 *
 * @param versions how many versions it has in each of {@link #ENVIRONMENTS}; 0 for no value there
 * @param template its values, with {@code {name}}, {@code {env}} and {@code {n}} to fill in
 */
record DemoSecret(
        String project, String name, String type, List<Integer> versions, String description, String template) {
    /** The environments that every project starts with, in the order of the file's columns. */
    static final List<String> ENVIRONMENTS = List.of("development", "staging", "production");

    private static final String FILE = "/demo/secrets.txt";
    private static final String TEMPLATE = "fake-{name}-{env}-{n}";
    private static final int COLUMNS = 5;

    /** Every secret of the file. */
    static List<DemoSecret> all() throws IOException {
        InputStream file = Objects.requireNonNull(DemoSecret.class.getResourceAsStream(FILE));
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(DemoSecret::parse)
                    .toList();
        }
    }

    private static DemoSecret parse(String line) {
        String[] columns = line.split(" \\| ", COLUMNS + 1);
        List<Integer> versions =
                Arrays.stream(columns[3].split(" ", -1)).map(Integer::valueOf).toList();
        String template = columns.length > COLUMNS ? columns[COLUMNS] : TEMPLATE;
        return new DemoSecret(columns[0], columns[1], columns[2], versions, columns[4], template);
    }

    /** The value of a version; made up, and plainly so. */
    String value(String environment, int version) {
        return template.replace("{name}", name.toLowerCase(Locale.ROOT).replace('_', '-'))
                .replace("{env}", environment)
                .replace("{n}", Integer.toString(version));
    }

    /** The request that makes it, with its first version. */
    JsonObject toCreate(String environment) {
        return new JsonObject()
                .put("name", name)
                .put("secretType", type)
                .put("description", description)
                .put("value", value(environment, 1));
    }
}
