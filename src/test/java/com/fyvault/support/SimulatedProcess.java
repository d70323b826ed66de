package com.fyvault.support;

/** A process in simulated time. It may stand still, as under SIGSTOP: what comes meanwhile waits, in its order. */
public class SimulatedProcess {
    protected final SimulatedTime time;
    private long pausedUntil;
    private boolean dead;

    public SimulatedProcess(SimulatedTime time) {
        this.time = time;
    }

    /** Runs it here and now, when the process goes on, or never. */
    public final void turn(Runnable what) {
        if (dead) {
            return;
        }
        if (time.now() < pausedUntil) {
            time.at(pausedUntil, () -> turn(what));
        } else {
            what.run();
        }
    }

    public final void pause(long micros) {
        pausedUntil = Math.max(pausedUntil, time.now() + micros);
    }

    public final void kill() {
        dead = true;
    }

    public final boolean isDead() {
        return dead;
    }

    public final boolean isPaused() {
        return time.now() < pausedUntil;
    }
}
