package com.fyvault.support;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails every test class in which an event loop was held longer than its limit. On for all tests
 * (META-INF/services), so nobody has to think of it.
 *
 * <p>A machine that runs other things holds loops back as well: a warning while {@link Starvation}
 * saw an idle thread held for nearly half the limit is the machine's, and is only printed. So is one within
 * the limit times the load of a processor, for work that shares it with others takes longer.
 */
public final class BlockedLoops implements BeforeAllCallback, AfterAllCallback {
    private static final long STARVED_NANOS = 20_000_000;
    private static final long NEAR_NANOS = 150_000_000;
    /** Who was kept waiting together with a loop may note it after the loop's warning. */
    private static final long LATER_NANOS = 50_000_000;
    /** The name that Vert.x logs it under, which is not that of the class. */
    private static final String CHECKER = "io.vertx.core.impl.BlockedThreadChecker";

    private static final Pattern MILLIS = Pattern.compile("blocked for (\\d+) ms");
    private static final long LIMIT_MILLIS = 50;
    private static final List<Warning> WARNINGS = new ArrayList<>();
    private static boolean installed;

    /** What Vert.x said, when, and how many times as long work took then. */
    private record Warning(ILoggingEvent event, long at, double crowding) {
        boolean isOfTheMachine() {
            return Starvation.worstBetween(at - NEAR_NANOS, at + LATER_NANOS) > STARVED_NANOS
                    || blockedMillis(event.getFormattedMessage()) < LIMIT_MILLIS * crowding;
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        install();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<Warning> all;
        synchronized (WARNINGS) {
            all = List.copyOf(WARNINGS);
            WARNINGS.clear();
        }
        if (all.isEmpty()) {
            return;
        }
        LockSupport.parkNanos(LATER_NANOS);
        List<Warning> ours =
                all.stream().filter(warning -> !warning.isOfTheMachine()).toList();
        System.out.printf(
                "%s: an event loop was held %d times, %d of them by the machine%n",
                context.getDisplayName(), all.size(), all.size() - ours.size());
        if (!ours.isEmpty()) {
            throw new AssertionError(ours.size() + " times an event loop was blocked:\n"
                    + ours.stream().map(BlockedLoops::describe).collect(Collectors.joining("\n")));
        }
    }

    private static synchronized void install() {
        if (installed) {
            return;
        }
        installed = true;
        // It has to be watching before there is anything to judge.
        long _ = Starvation.worstSince(System.nanoTime());
        Logger logger = (Logger) LoggerFactory.getLogger(CHECKER);
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                note(event);
            }
        };
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.addAppender(appender);
    }

    private static long blockedMillis(String message) {
        Matcher matcher = MILLIS.matcher(message);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
    }

    /** How many times as long work takes here because others want the processors as well; 1 on a machine of our own. */
    private static double crowding() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return Math.max(1, system.getSystemLoadAverage() / system.getAvailableProcessors());
    }

    private static void note(ILoggingEvent event) {
        synchronized (WARNINGS) {
            WARNINGS.add(new Warning(event, System.nanoTime(), crowding()));
        }
    }

    private static String describe(Warning warning) {
        StringBuilder text = new StringBuilder(warning.event().getFormattedMessage());
        if (warning.event().getThrowableProxy() != null) {
            for (var frame : warning.event().getThrowableProxy().getStackTraceElementProxyArray()) {
                text.append("\n    ").append(frame.getSTEAsString());
            }
        }
        return text.toString();
    }
}
