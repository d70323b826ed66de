package com.fyvault.platform.async;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a thread give way to others, for long work that nobody waits for by the millisecond. The priorities of
 * Java's threads mean nothing to Linux; its {@code setpriority(2)} acts on the thread that calls it, and anybody may
 * lower their own. Where there is no such call, or the virtual machine allows none, nothing happens.
 */
public final class Niceness {
    /** Between equals a thread with this gets a tenth of a core: it gives way, but never starves. */
    public static final int LOW = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Niceness.class);
    /** Of {@code setpriority}: it is about a process, which on Linux is a thread, and 0 is the caller. */
    private static final int PRIO_PROCESS = 0;

    private Niceness() {}

    private static final class Call {
        static final @Nullable MethodHandle SET = find();

        @SuppressWarnings("restricted")
        private static @Nullable MethodHandle find() {
            if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux")) {
                return null;
            }
            try {
                Linker linker = Linker.nativeLinker();
                Optional<MemorySegment> symbol = linker.defaultLookup().find("setpriority");
                FunctionDescriptor form = FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
                return symbol.map(found -> linker.downcallHandle(found, form)).orElse(null);
            } catch (UnsupportedOperationException | IllegalCallerException none) {
                LOG.atDebug()
                        .addKeyValue("cause", none.getClass().getSimpleName())
                        .log("no priorities of threads");
                return null;
            }
        }
    }

    /**
     * Sets the niceness of the calling thread, which must be a platform thread, for good.
     *
     * @param nice 0, as threads begin, to 19
     * @return whether it was set
     */
    public static boolean set(int nice) {
        @Nullable MethodHandle call = Call.SET;
        if (call == null || Thread.currentThread().isVirtual()) {
            return false;
        }
        try {
            return (int) call.invokeExact(PRIO_PROCESS, 0, nice) == 0;
        } catch (Throwable broken) {
            throw new IllegalStateException(broken);
        }
    }
}
