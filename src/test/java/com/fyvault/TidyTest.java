package com.fyvault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.ParsedSource;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The rules of style that a machine can check, on the JDK's own parser: limits on length, banned names, and the line
 * budget of the hot path. Each rule is a function from a file to what is wrong with it, and each is shown to find
 * something before it is let loose on the project.
 */
class TidyTest {
    private static final int LINES_A_FILE = 300;
    private static final int LINES_A_METHOD = 50;
    private static final int PARAMETERS_A_METHOD = 4;
    private static final int COLLABORATORS_A_CLASS = 5;
    private static final int HOT_PATH_FILES = 6;
    private static final int HOT_PATH_LINES = 600;

    /** Names that say that a class does something, but not what. */
    private static final Set<String> EMPTY_WORDS =
            Set.of("Service", "Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Impl", "Base", "Context");

    /** Files of src/main that may draw randomness that nobody injected. */
    private static final Set<String> MAY_DRAW_RANDOMNESS = Set.of();

    /** The files between a read's arrival and its bytes: they are read in one sitting, top to bottom. */
    private static final List<String> HOT_PATH = List.of(
            "src/main/java/com/fyvault/secrets/ReadSecret.java",
            "src/main/java/com/fyvault/secrets/Reading.java",
            "src/main/java/com/fyvault/secrets/ValueOpener.java",
            "src/main/java/com/fyvault/audit/AuditGate.java",
            "src/main/java/com/fyvault/secrets/ValueAnswer.java");

    private static final List<ParsedSource> MAIN = ParsedSource.under("src/main/java");
    private static final List<ParsedSource> TEST = ParsedSource.under("src/test/java");
    private static final List<ParsedSource> JMH = ParsedSource.under("src/jmh/java");

    @Test
    void filesAreShort() {
        assertThat(broken(TidyTest::longFile, MAIN, TEST, JMH)).isEmpty();
    }

    @Test
    void methodsAreShort() {
        assertThat(broken(TidyTest::longMethods, MAIN, TEST, JMH)).isEmpty();
    }

    @Test
    void methodsTakeFewParameters() {
        assertThat(broken(TidyTest::crowdedMethods, MAIN, TEST, JMH)).isEmpty();
    }

    @Test
    void typeNamesSaySomething() {
        assertThat(broken(TidyTest::emptyNames, MAIN, TEST, JMH)).isEmpty();
    }

    @Test
    void testsDoNotSleep() {
        assertThat(broken(TidyTest::sleeps, TEST)).isEmpty();
    }

    @Test
    void testsDoNotMock() {
        assertThat(broken(TidyTest::mocks, TEST)).isEmpty();
    }

    @Test
    void onlyTheCommandLinePrints() {
        assertThat(broken(TidyTest::prints, MAIN)).isEmpty();
    }

    @Test
    void randomnessIsInjected() {
        assertThat(broken(TidyTest::drawsRandomness, MAIN)).isEmpty();
    }

    @Test
    void theHotPathIsReadInOneSitting() {
        List<ParsedSource> hot =
                MAIN.stream().filter(source -> HOT_PATH.contains(source.path())).toList();
        assertThat(hot).extracting(ParsedSource::path).containsExactlyInAnyOrderElementsOf(HOT_PATH);
        assertThat(hot).hasSizeLessThanOrEqualTo(HOT_PATH_FILES);
        assertThat(hot.stream().mapToLong(ParsedSource::lines).sum()).isLessThanOrEqualTo(HOT_PATH_LINES);
    }

    @SafeVarargs
    private static List<String> broken(Function<ParsedSource, Stream<String>> rule, List<ParsedSource>... groups) {
        List<String> all = new ArrayList<>();
        for (List<ParsedSource> group : groups) {
            group.stream().flatMap(rule).forEach(all::add);
        }
        return all;
    }

    private static Stream<String> longFile(ParsedSource source) {
        return source.lines() <= LINES_A_FILE
                ? Stream.of()
                : Stream.of(source.path() + " has " + source.lines() + " lines");
    }

    private static Stream<String> longMethods(ParsedSource source) {
        return source.all(MethodTree.class).stream()
                .filter(method -> source.lines(method) > LINES_A_METHOD)
                .map(method -> source.at(method) + " " + method.getName() + " has " + source.lines(method) + " lines");
    }

    private static Stream<String> crowdedMethods(ParsedSource source) {
        return source.all(ClassTree.class).stream()
                .flatMap(type -> methods(type)
                        .filter(method -> method.getParameters().size() > mostParameters(type, method))
                        .map(method -> source.at(method) + " " + method.getName() + " takes "
                                + method.getParameters().size()));
    }

    /** What implements somebody else's method, or only restates the header of a record, has no say in its length. */
    private static int mostParameters(ClassTree type, MethodTree method) {
        boolean constructor = method.getName().contentEquals("<init>");
        if (annotatedOverride(method.getModifiers())) {
            return Integer.MAX_VALUE;
        }
        if (constructor && method.getParameters().size() == components(type)) {
            return Integer.MAX_VALUE;
        }
        return constructor ? COLLABORATORS_A_CLASS : PARAMETERS_A_METHOD;
    }

    /** How many components the record has; -1 for what is no record. */
    private static long components(ClassTree type) {
        if (type.getKind() != Tree.Kind.RECORD) {
            return -1;
        }
        return type.getMembers().stream()
                .filter(member -> member instanceof VariableTree field
                        && !field.getModifiers().getFlags().contains(Modifier.STATIC))
                .count();
    }

    private static Stream<MethodTree> methods(ClassTree type) {
        return type.getMembers().stream().filter(MethodTree.class::isInstance).map(MethodTree.class::cast);
    }

    private static boolean annotatedOverride(ModifiersTree modifiers) {
        return modifiers.getAnnotations().stream()
                .anyMatch(
                        annotation -> annotation.getAnnotationType().toString().equals("Override"));
    }

    private static Stream<String> emptyNames(ParsedSource source) {
        return source.all(ClassTree.class).stream()
                .filter(type ->
                        EMPTY_WORDS.stream().anyMatch(type.getSimpleName().toString()::endsWith))
                .map(type -> source.at(type) + " " + type.getSimpleName());
    }

    private static Stream<String> sleeps(ParsedSource source) {
        return members(source).filter(member -> member.endsWith(".sleep"));
    }

    private static Stream<String> mocks(ParsedSource source) {
        return source.all(ImportTree.class).stream()
                .filter(line -> line.getQualifiedIdentifier().toString().startsWith("org.mockito."))
                .map(source::at);
    }

    private static Stream<String> prints(ParsedSource source) {
        if (source.path().startsWith("src/main/java/com/fyvault/cli/")) {
            return Stream.of();
        }
        return members(source).filter(member -> member.endsWith(" System.out"));
    }

    private static Stream<String> drawsRandomness(ParsedSource source) {
        if (MAY_DRAW_RANDOMNESS.contains(source.path())) {
            return Stream.of();
        }
        Stream<String> made = source.all(NewClassTree.class).stream()
                .filter(tree -> simpleName(tree.getIdentifier()).equals("Random"))
                .map(source::at);
        return Stream.concat(made, members(source).filter(member -> member.endsWith(" UUID.randomUUID")));
    }

    /** `path:line Type.member` of every member named in the file, be it selected, called or referred to. */
    private static Stream<String> members(ParsedSource source) {
        Stream<String> selected = source.all(MemberSelectTree.class).stream()
                .map(tree -> source.at(tree) + " " + simpleName(tree.getExpression()) + "." + tree.getIdentifier());
        Stream<String> referred = source.all(MemberReferenceTree.class).stream()
                .map(tree -> source.at(tree) + " " + simpleName(tree.getQualifierExpression()) + "." + tree.getName());
        return Stream.concat(selected, referred);
    }

    private static String simpleName(ExpressionTree tree) {
        String name = tree.toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** A rule that finds nothing in what it forbids is no rule. */
    @Nested
    class EachRuleBites {
        @Test
        void aMethodAtTheLimitPassesAndOnePastItDoesNot() {
            assertThat(longMethods(methodOf(LINES_A_METHOD))).isEmpty();
            assertThat(longMethods(methodOf(LINES_A_METHOD + 1))).hasSize(1);
        }

        @Test
        void aFileAtTheLimitPassesAndOnePastItDoesNot() {
            assertThat(longFile(source("class A {}" + "\n//".repeat(LINES_A_FILE - 1))))
                    .isEmpty();
            assertThat(longFile(source("class A {}" + "\n//".repeat(LINES_A_FILE))))
                    .hasSize(1);
        }

        @Test
        void parametersAreCounted() {
            assertThat(crowdedMethods(source("class A { void a(int a, int b, int c, int d) {} }")))
                    .isEmpty();
            assertThat(crowdedMethods(source("class A { void a(int a, int b, int c, int d, int e) {} }")))
                    .hasSize(1);
            assertThat(crowdedMethods(source("class A { A(int a, int b, int c, int d, int e) {} }")))
                    .isEmpty();
            assertThat(crowdedMethods(source("class A { A(int a, int b, int c, int d, int e, int f) {} }")))
                    .hasSize(1);
        }

        @Test
        void aRecordMayHaveAsManyComponentsAsItNeeds() {
            String header = "int a, int b, int c, int d, int e, int f";
            assertThat(crowdedMethods(source("record A(" + header + ") { A { } }")))
                    .isEmpty();
            assertThat(crowdedMethods(source("record A(" + header + ") { A(" + header + ") { } }")))
                    .isEmpty();
            assertThat(crowdedMethods(source("record A(int z) { A(" + header + ") { this(1); } }")))
                    .hasSize(1);
        }

        @Test
        void theOthersFindWhatTheyForbid() {
            assertThat(emptyNames(source("class A { interface TokenManager {} }")))
                    .hasSize(1);
            assertThat(sleeps(source("class A { void a() throws Exception { Thread.sleep(1); } }")))
                    .hasSize(1);
            assertThat(sleeps(source("class A { void a() throws Exception { TimeUnit.SECONDS.sleep(1); } }")))
                    .hasSize(1);
            assertThat(mocks(source("import org.mockito.Mockito; class A {}"))).hasSize(1);
            assertThat(prints(source("class A { void a() { System.out.println(); } }")))
                    .hasSize(1);
            assertThat(drawsRandomness(source("class A { Object a = new java.util.Random(1); }")))
                    .hasSize(1);
            assertThat(drawsRandomness(source("class A { Object a = UUID.randomUUID(); }")))
                    .hasSize(1);
            assertThat(drawsRandomness(source("class A { Supplier<UUID> a = UUID::randomUUID; }")))
                    .hasSize(1);
        }

        private static ParsedSource methodOf(int lines) {
            return source("class A {\nvoid a() {" + "\n".repeat(lines - 1) + "}\n}");
        }

        private static ParsedSource source(String text) {
            return ParsedSource.of("src/main/java/com/fyvault/a/A.java", text);
        }
    }
}
