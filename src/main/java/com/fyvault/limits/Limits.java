package com.fyvault.limits;

import com.fyvault.platform.config.LimitSettings;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.redis.RedisLink;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Decision;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Admits requests within their limits. A credential without any costs a look at two fields.
 *
 * <p>Windows are fixed. Within a window the sum of what all nodes admit never exceeds the capacity; a
 * sliding window would need a call a request, or could not say exactly. The price is that around a border
 * two windows' worth may pass within one window's length, which a second, longer window bounds.
 */
public final class Limits {
    private static final int UNAUTHORIZED = 401;
    private static final int MOST_METERS = 200_000;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final Duration SWEEP = Duration.ofMillis(250);
    /** Others may give back what they do not need, so a rule with nothing left is asked about again soon. */
    private static final Duration CLOSED = Duration.ofMillis(100);

    private final Vertx vertx;
    private final LimitSettings settings;
    private final Windows ofOrganization;
    private final Windows ofOwner;
    private final boolean everybody;
    private final Meters meters;
    private final Meters addresses;
    private final Cache<Decision, Meter> known = Caffeine.newBuilder()
            .weakKeys()
            .executor(Runnable::run)
            .maximumSize(MOST_METERS)
            .build();

    private Limits(Vertx vertx, Loops loops, LimitSettings settings, LeaseSource source) {
        this.vertx = vertx;
        this.settings = settings;
        this.ofOrganization = Windows.of(settings.orgSecond(), settings.orgMinute(), settings.orgDay());
        this.ofOwner = Windows.of(settings.ownerSecond(), settings.ownerMinute(), settings.ownerDay());
        this.everybody = !ofOrganization.isNone() || !ofOwner.isNone();
        this.meters = new Meters(loops, source, CLOSED, MOST_METERS);
        this.addresses = new Meters(loops, source, Duration.ofMillis(MINUTE), MOST_METERS);
    }

    /** Counted in this process: exact for a node that is alone. */
    public static Limits alone(Vertx vertx, LimitSettings settings, Clock wall) {
        Loops loops = Loops.of(vertx);
        return new Limits(vertx, loops, settings, new LocalLeases(new WindowClock(loops, wall), () -> 1));
    }

    /**
     * Counted by Redis for all nodes.
     *
     * @param nodes how many nodes are alive, for when Redis is not
     */
    public static Limits shared(Vertx vertx, LimitSettings settings, RedisLink link, IntSupplier nodes) {
        Loops loops = Loops.of(vertx);
        WindowClock clock = new WindowClock(loops, Clock.systemUTC());
        LocalLeases local = new LocalLeases(clock, nodes);
        return new Limits(vertx, loops, settings, new RedisLeases(loops, new RedisCounters(link), local, clock));
    }

    /** Begins to give back what lies unused. */
    public void start() {
        long _ = vertx.setPeriodic(SWEEP.toMillis(), tick -> {
            meters.sweep();
            addresses.sweep();
        });
    }

    /** The charge for a request, or null when it must be asked for with {@link #charge}. */
    public @Nullable Charge peek(Decision decision) {
        boolean free = (!everybody && !decision.isLimited()) || decision.refusal() != null;
        return free ? Charge.FREE : meter(decision).take();
    }

    /** The charge for a request; refused with RATE_LIMITED when a limit has nothing left. */
    public Future<Charge> charge(Decision decision) {
        @Nullable Charge ready = peek(decision);
        return ready != null ? Future.succeededFuture(ready) : meter(decision).charge();
    }

    /**
     * To be asked before a token is looked up: refuses an address with too many refused tokens behind it.
     * A token that this node knows needs no look-up, so a neighbour behind the same address is not shut out.
     */
    public void checkLookup(ClientAddress address) {
        @Nullable Meter meter = settings.failuresMinute() == 0 ? null : addresses.known(failures(address));
        @Nullable Refusal closed = meter == null ? null : meter.closed();
        if (closed != null) {
            throw closed;
        }
    }

    /**
     * Counts something that an address may do so often a minute, such as a try to log in; refused with RATE_LIMITED when
     * that was often enough. 0 is no limit.
     */
    public Future<Void> admit(ClientAddress address, String what, int capacity) {
        if (capacity == 0) {
            return Future.succeededFuture();
        }
        String key = "{" + name(address) + "}:" + what + ":" + MINUTE;
        Meter meter = meters.of(new Budget(List.of(new Rule(key, what + "-minute", capacity, MINUTE))));
        return meter.take() != null ? Future.succeededFuture() : meter.charge().mapEmpty();
    }

    /** Counts a refused token (401) against its address, and says what to answer: 429 when they are too many. */
    public Throwable judged(ClientAddress address, Throwable failure) {
        if (settings.failuresMinute() == 0 || ErrorExit.codeOf(failure).status() != UNAUTHORIZED) {
            return failure;
        }
        Meter meter = addresses.of(failures(address));
        if (meter.take() == null) {
            // The answer does not wait for it: it decides about the next one.
            var _ = meter.charge();
        }
        @Nullable Refusal closed = meter.closed();
        return closed == null ? failure : closed;
    }

    private Meter meter(Decision decision) {
        return known.get(decision, missing -> meters.of(budget(decision)));
    }

    private Budget budget(Decision decision) {
        String org = "{" + decision.orgId() + "}:";
        List<Rule> rules = new ArrayList<>();
        String policy = "credential";
        for (Credential link : decision.chain()) {
            add(rules, Windows.parse(link.limits()), org + "c:" + link.id(), policy);
            policy = policy.equals("credential") ? "parent" : "grand" + policy;
        }
        if (decision.credential().ownerUserId() != null) {
            add(rules, ofOwner, org + "u:" + decision.credential().ownerUserId(), "owner");
        }
        add(rules, ofOrganization, org + "o", "organization");
        return new Budget(rules);
    }

    private static void add(List<Rule> rules, Windows windows, String key, String policy) {
        windows.capacities()
                .forEach((millis, capacity) ->
                        rules.add(new Rule(key + ":" + millis, policy + "-" + Windows.name(millis), capacity, millis)));
    }

    private Budget failures(ClientAddress address) {
        String key = name(address);
        return new Budget(List.of(
                new Rule("{" + key + "}:f:" + MINUTE, "refused-tokens-minute", settings.failuresMinute(), MINUTE)));
    }

    /** An IPv6 site has 64 bits of addresses to choose from, so those count as one. */
    private static String name(ClientAddress address) {
        return address.isV4() ? HexFormat.of().formatHex(address.bytes()) : Long.toHexString(address.high());
    }
}
