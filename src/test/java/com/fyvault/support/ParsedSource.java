package com.fyvault.support;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** A Java file, parsed by the JDK's own compiler and no further: nothing in it is resolved. */
public record ParsedSource(String path, String text, CompilationUnitTree unit, SourcePositions positions) {

    /** Every Java file under the directory `folder` of the project; none if there is no such directory. */
    public static List<ParsedSource> under(String folder) {
        return under(folder, text -> true);
    }

    /** Those whose text is wanted; the others are not parsed. */
    public static List<ParsedSource> under(String folder, Predicate<String> wanted) {
        Path root = projectRoot();
        if (!Files.isDirectory(root.resolve(folder))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root.resolve(folder))) {
            List<Path> paths = files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            List<ParsedSource> sources = new ArrayList<>();
            for (Path path : paths) {
                String text = Files.readString(path);
                if (wanted.test(text)) {
                    sources.add(of(root.relativize(path).toString(), text));
                }
            }
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ParsedSource of(String path, String text) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, null, null, List.of(file(path, text)));
        try {
            CompilationUnitTree unit = task.parse().iterator().next();
            return new ParsedSource(path, text, unit, Trees.instance(task).getSourcePositions());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JavaFileObject file(String path, String text) {
        URI name = URI.create("string:///" + path);
        return new SimpleJavaFileObject(name, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    private static Path projectRoot() {
        return Path.of(System.getProperty("fyvault.basedir", ".")).toAbsolutePath();
    }

    /** Every tree of that kind in the file, outer ones first. */
    public <T extends Tree> List<T> all(Class<T> kind) {
        List<T> found = new ArrayList<>();
        var _ = new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void scan(@Nullable Tree tree, @Nullable Void nothing) {
                if (kind.isInstance(tree)) {
                    found.add(kind.cast(tree));
                }
                return super.scan(tree, null);
            }
        }.scan(unit, null);
        return found;
    }

    public long lines() {
        return text.lines().count();
    }

    /** How many lines the tree covers, annotations and the comments inside it included. */
    public long lines(Tree tree) {
        return lineOf(positions.getEndPosition(unit, tree)) - lineOf(positions.getStartPosition(unit, tree)) + 1;
    }

    /** `path:line` of the tree, for a message. */
    public String at(Tree tree) {
        return path + ":" + lineOf(positions.getStartPosition(unit, tree));
    }

    private long lineOf(long position) {
        return unit.getLineMap().getLineNumber(position);
    }
}
