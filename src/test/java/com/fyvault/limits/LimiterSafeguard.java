package com.fyvault.limits;

/** What keeps the sum of what all nodes admit within a limit, or lets it reach the limit. */
enum LimiterSafeguard {
    /** A share ends with the shortest of its windows. */
    SHORTEST_WINDOW,
    /** A share's time is counted from before the question was sent, not from the answer. */
    COUNTED_FROM_SENDING,
    /** Nodes count time on a clock that nobody sets. */
    MONOTONIC_CLOCK,
    /** Windows are told by the clock of Redis, not by that of the node that asks. */
    TIME_OF_REDIS,
    /** All rules of a request are charged, or none. */
    ALL_RULES_AT_ONCE,
    /** Near the limit shares are as large as what waits. */
    EXACT_NEAR_THE_LIMIT,
    /** What lies unused goes back. */
    GIVE_BACK,
    /** What was leased in a window that is over does not. */
    GIVE_BACK_TO_THE_SAME_WINDOW,
    /** Without Redis a node admits its part, not everything. */
    OUTAGE_PART,
    /** That part is less what the node was granted before. */
    OUTAGE_PART_LESS_GRANTED,
    /** Redis, back again, is told of what was admitted without it. */
    TELL_REDIS,
    /** A node that has once asked Redis keeps its time. */
    TIME_LEARNT_FROM_REDIS
}
