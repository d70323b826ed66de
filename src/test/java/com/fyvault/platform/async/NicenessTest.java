package com.fyvault.platform.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What Linux itself says of the threads. */
@EnabledOnOs(OS.LINUX)
class NicenessTest {
    /** The place of the niceness among the fields behind the name, as proc(5) counts them. */
    private static final int FIELD = 16;

    @Test
    void isOfTheCallingThreadAlone() throws Exception {
        int before = niceness();
        int other = onAThreadOfItsOwn(Niceness.LOW);
        assertThat(other).isEqualTo(Niceness.LOW);
        assertThat(niceness()).isEqualTo(before);
    }

    @Test
    void aVirtualThreadHasNone() throws InterruptedException {
        boolean[] done = {true};
        Thread.ofVirtual().start(() -> done[0] = Niceness.set(Niceness.LOW)).join();
        assertThat(done[0]).isFalse();
    }

    private static int onAThreadOfItsOwn(int nice) throws InterruptedException, ExecutionException {
        FutureTask<Integer> task = new FutureTask<>(() -> Niceness.set(nice) ? niceness() : -1);
        Thread.ofPlatform().start(task).join();
        return task.get();
    }

    private static int niceness() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[FIELD]);
    }
}
