package com.fyvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.ConfigError;
import com.fyvault.support.Document;
import com.fyvault.support.ParsedSource;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/CONFIGURATION.md and the example file against what the settings records read. */
class ConfigurationDocumentedTest {
    private static final String ROW = "(?m)^\\| `([a-z.]+)` \\| ([^|]*) \\| ([^|]*) \\| (.*) \\|$";

    /** Every place where the source asks the configuration for something by name. */
    private static final List<MethodInvocationTree> CALLS = calls();

    private final Document example = Document.of("config/fyvault.properties.example");

    /** A setting as the source reads it and as the table shows it. */
    record Row(String name, String absent, String bounds) {}

    /** A setting with bounds, and one value beyond each. */
    record Bounded(String name, long least, long most) {}

    @Test
    void theTablesShowEverySettingWithItsDefaultAndBounds() {
        List<Row> documented = Document.of("docs/CONFIGURATION.md").matches(ROW).stream()
                .map(row -> new Row(row.group(1), row.group(2), row.group(3)))
                .toList();
        List<Row> read = CALLS.stream()
                .map(call -> row(call.getArguments(), method(call)))
                .toList();
        assertThat(documented).containsExactlyInAnyOrderElementsOf(read);
    }

    @Test
    void theExampleHoldsEverySettingOnce() {
        List<String> names = example.matches("(?m)^#([a-z.]+)=").stream()
                .map(line -> line.group(1))
                .toList();
        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(CALLS.stream()
                        .map(call -> text(call.getArguments().get(0)))
                        .toList());
    }

    @Test
    void theExampleHoldsTheDefaults() throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(example.text().replaceAll("(?m)^#([a-z.]+=)", "$1")));
        Map<String, String> values = new HashMap<>();
        properties.forEach((name, value) -> values.put((String) name, (String) value));
        values.values().removeIf(String::isEmpty);
        values.remove("http.event.loops");
        Settings spelled = Settings.from(Config.of(values));
        Settings absent = Settings.from(Config.of(Map.of()));
        assertThat(spelled).isEqualTo(absent);
    }

    @ParameterizedTest
    @MethodSource("bounded")
    void aNumberOnePastItsBoundsIsRefused(Bounded setting) {
        assertThatThrownBy(() -> Settings.from(Config.of(Map.of(setting.name(), "" + (setting.least() - 1)))))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining(setting.name());
        assertThatThrownBy(() -> Settings.from(Config.of(Map.of(setting.name(), "" + (setting.most() + 1)))))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining(setting.name());
    }

    @ParameterizedTest
    @MethodSource("bounded")
    void aNumberAtItsBoundsIsTaken(Bounded setting) {
        assertThat(Settings.from(Config.of(Map.of(setting.name(), "" + setting.least()))))
                .isNotNull();
        assertThat(Settings.from(Config.of(Map.of(setting.name(), "" + setting.most()))))
                .isNotNull();
    }

    @Test
    void theVariablesThatAreNoSettingsDoNotStopTheServer() throws IOException {
        Map<String, String> environment = new HashMap<>();
        Document.of("docs/CONFIGURATION.md")
                .matches("`(FYVAULT_[A-Z_]*[A-Z])`")
                .forEach(variable -> environment.put(variable.group(1), "8200"));
        assertThat(environment).containsKeys("FYVAULT_LOG_LEVEL", "FYVAULT_JAVA_OPTS", "FYVAULT_HTTP_PORT");
        assertThat(Settings.from(Config.load(null, environment)).http().port()).isEqualTo(8200);
    }

    @Test
    void aNameThatNoSettingHasIsRefused() {
        assertThatThrownBy(() -> Settings.from(Config.of(Map.of("http.prot", "1"))))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("http.prot");
    }

    static Stream<Bounded> bounded() {
        return CALLS.stream()
                .filter(call -> call.getArguments().size() == 4)
                .map(call -> new Bounded(
                        text(call.getArguments().get(0)),
                        number(call.getArguments().get(2)),
                        number(call.getArguments().get(3))));
    }

    private static List<MethodInvocationTree> calls() {
        List<MethodInvocationTree> calls = new ArrayList<>();
        for (ParsedSource source : ParsedSource.under("src/main/java", text -> text.contains("(Config config)"))) {
            source.all(MethodInvocationTree.class).stream()
                    .filter(call -> call.getMethodSelect().toString().startsWith("config."))
                    .filter(call -> !call.getArguments().isEmpty()
                            && call.getArguments().get(0) instanceof LiteralTree)
                    .forEach(calls::add);
        }
        return calls;
    }

    private static String method(MethodInvocationTree call) {
        return call.getMethodSelect().toString().substring("config.".length());
    }

    private static Row row(List<? extends ExpressionTree> arguments, String method) {
        String name = text(arguments.get(0));
        return switch (method) {
            case "text" -> new Row(name, quoted(text(arguments.get(1))), "");
            case "flag" -> new Row(name, "`" + arguments.get(1) + "`", "");
            case "optionalText" -> new Row(name, "none", "");
            default ->
                new Row(
                        name,
                        absent(name, arguments.get(1)),
                        plain(name, arguments.get(2)) + " to " + plain(name, arguments.get(3)));
        };
    }

    private static String absent(String name, ExpressionTree tree) {
        return tree.toString().equals("Math.max(1, cores / 2)") ? "half the cores" : plain(name, tree);
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "empty" : "`" + text + "`";
    }

    /** With commas, except a port as a default, which nobody writes so. */
    private static String plain(String name, ExpressionTree tree) {
        long number = number(tree);
        boolean port = name.endsWith(".port") && number < 10_000;
        return port ? Long.toString(number) : String.format(Locale.ROOT, "%,d", number);
    }

    private static long number(ExpressionTree tree) {
        if (tree instanceof BinaryTree product) {
            return number(product.getLeftOperand()) * number(product.getRightOperand());
        }
        return ((Number) ((LiteralTree) tree).getValue()).longValue();
    }

    private static String text(ExpressionTree tree) {
        return (String) ((LiteralTree) tree).getValue();
    }
}
