package com.fyvault.support;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails every test class in which an event loop was held longer than its limit. On for all tests
 * (META-INF/services), so nobody has to think of it.
 *
 * <p>A machine that runs other things holds loops back as well: a warning while {@link Starvation}
 * saw an idle thread held for nearly half the limit is the machine's, and is only counted. So is one within the limit times the load of a
 * processor, for work that shares it with others takes longer. So is one while a server starts: until it listens, its loops load
 * classes and keep nobody waiting.
 */
public final class BlockedLoops implements BeforeAllCallback, AfterAllCallback {
    private static final long STARVED_NANOS = 20_000_000;
    private static final long NEAR_NANOS = 150_000_000;
    /** The name that Vert.x logs it under, which is not that of the class. */
    private static final String CHECKER = "io.vertx.core.impl.BlockedThreadChecker";

    private static final Pattern MILLIS = Pattern.compile("blocked for (\\d+) ms");
    private static final long LIMIT_MILLIS = 50;
    private static final List<String> OURS = new ArrayList<>();
    private static final AtomicLong EXCUSED = new AtomicLong();
    private static final AtomicInteger STARTING = new AtomicInteger();
    private static boolean installed;

    @Override
    public void beforeAll(ExtensionContext context) {
        install();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> found;
        synchronized (OURS) {
            found = List.copyOf(OURS);
            OURS.clear();
        }
        if (!found.isEmpty()) {
            throw new AssertionError(found.size() + " times an event loop was blocked:\n" + String.join("\n", found));
        }
    }

    /** Warnings that were put down to the machine. */
    public static long excused() {
        return EXCUSED.get();
    }

    static void starting() {
        STARTING.incrementAndGet();
    }

    static void started() {
        STARTING.decrementAndGet();
    }

    private static synchronized void install() {
        if (installed) {
            return;
        }
        installed = true;
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
        if (STARTING.get() > 0 || Starvation.worstSince(System.nanoTime() - NEAR_NANOS) > STARVED_NANOS) {
            EXCUSED.incrementAndGet();
            return;
        }
        if (blockedMillis(event.getFormattedMessage()) < LIMIT_MILLIS * crowding()) {
            EXCUSED.incrementAndGet();
            return;
        }
        StringBuilder text = new StringBuilder(event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            for (var frame : event.getThrowableProxy().getStackTraceElementProxyArray()) {
                text.append("\n    ").append(frame.getSTEAsString());
            }
        }
        synchronized (OURS) {
            OURS.add(text.toString());
        }
    }
}
