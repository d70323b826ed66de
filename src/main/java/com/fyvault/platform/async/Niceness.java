package com.fyvault.platform.async;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a thread give way to others, for long work that nobody waits for by the millisecond. The priorities of Java's threads
 * mean nothing to Linux; its {@code sched_setattr(2)} acts on the thread that calls it, and anybody may lower their own. Where
 * there is no such call, or the virtual machine allows none, nothing happens.
 */
public final class Niceness {
    /** Between equals a thread with this gets a tenth of a core: it gives way, but never starves. */
    public static final int LOW = 10;

    /**
     * What the thread asks for at a stretch, in nanoseconds: the most that there is. Who asks for less, as all others do, puts it
     * aside when they wake; with the usual slice they wait for its end, some milliseconds, whatever the niceness. Linux before 6.12
     * does not look at it.
     */
    private static final long SLICE = 100_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(Niceness.class);
    /** The number of the system call, by the name that Java has for the machine. */
    private static final Map<String, Long> SCHED_SETATTR = Map.of("amd64", 314L, "aarch64", 274L);

    /** {@code struct sched_attr}: size, policy, flags, nice, priority, runtime, deadline, period. */
    private static final int SIZE = 48;

    private static final int POLICY_AT = 4;
    private static final int NICE_AT = 16;
    private static final int RUNTIME_AT = 24;
    /** Ordinary, but a thread that has waked does not put aside the one that runs. */
    private static final int SCHED_BATCH = 3;

    private Niceness() {}

    private static final class Call {
        static final @Nullable MethodHandle SYSCALL = find();
        static final long NUMBER = SCHED_SETATTR.getOrDefault(System.getProperty("os.arch", ""), 0L);

        @SuppressWarnings("restricted")
        private static @Nullable MethodHandle find() {
            String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
            if (!system.equals("linux") || !SCHED_SETATTR.containsKey(System.getProperty("os.arch", ""))) {
                return null;
            }
            try {
                Linker linker = Linker.nativeLinker();
                Optional<MemorySegment> symbol = linker.defaultLookup().find("syscall");
                FunctionDescriptor form = FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG);
                return symbol.map(found -> linker.downcallHandle(found, form, Linker.Option.firstVariadicArg(1)))
                        .orElse(null);
            } catch (UnsupportedOperationException | IllegalCallerException none) {
                LOG.atDebug()
                        .addKeyValue("cause", none.getClass().getSimpleName())
                        .log("no priorities of threads");
                return null;
            }
        }
    }

    /**
     * Sets the niceness of the calling thread, which must be a platform thread, for good, and lets whoever wakes go first.
     *
     * @param nice 0, as threads begin, to 19
     * @return whether it was set
     */
    public static boolean set(int nice) {
        @Nullable MethodHandle call = Call.SYSCALL;
        if (call == null || Thread.currentThread().isVirtual()) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(SIZE, Long.BYTES);
            attributes.set(ValueLayout.JAVA_INT, 0, SIZE);
            attributes.set(ValueLayout.JAVA_INT, POLICY_AT, SCHED_BATCH);
            attributes.set(ValueLayout.JAVA_INT, NICE_AT, nice);
            attributes.set(ValueLayout.JAVA_LONG, RUNTIME_AT, SLICE);
            return (long) call.invokeExact(Call.NUMBER, 0L, attributes, 0L) == 0;
        } catch (Throwable broken) {
            throw new IllegalStateException(broken);
        }
    }
}
