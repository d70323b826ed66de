package com.fyvault.proofs.history;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of operations in which each takes effect at one moment between its call and its
 * return, and each was told what the model says at that moment (Herlihy and Wing 1990).
 *
 * <p>The search is that of Wing and Gong (1993) with Lowe's memory (2017). Calls and returns stand in a
 * list in the order of time. The first calls, those before the first return, are the ones that may come
 * next. One is taken out with its return when the model allows it; a return that comes up means that its
 * call should have been taken earlier, so the last choice is undone. A pair of the set of operations taken
 * and the state reached is followed once only.
 *
 * <p>An operation whose outcome nobody knows has no return: it may be taken at any time after its call, or
 * never. The search is done when all that returned have been taken. It is bounded in time, and a search that
 * ran out of it says so: that is no success.
 */
final class Linearizability<S, A, T> {
    private static final int STEPS_A_LOOK = 1_024;

    private final Model<S, A, T> model;
    private final Duration limit;

    enum Verdict {
        LINEARIZABLE,
        NOT_LINEARIZABLE,
        UNDECIDED
    }

    /**
     * What the search has found.
     *
     * @param order the longest sequence that was legal, by the numbers of the operations
     */
    record Found(Verdict verdict, List<Integer> order) {
        boolean isLinearizable() {
            return verdict == Verdict.LINEARIZABLE;
        }
    }

    /** A call or a return in the list. */
    private static final class Event {
        private final int operation;
        private final long at;
        private final boolean call;
        private @Nullable Event matching;
        private @Nullable Event before;
        private @Nullable Event next;

        Event(int operation, long at, boolean call) {
            this.operation = operation;
            this.at = at;
            this.call = call;
        }

        void unlink() {
            if (before != null) {
                before.next = next;
            }
            if (next != null) {
                next.before = before;
            }
        }

        /** Goes back to where it was; the last one out is the first one in. */
        void relink() {
            if (before != null) {
                before.next = this;
            }
            if (next != null) {
                next.before = this;
            }
        }
    }

    private record Point<S>(BitSet taken, S state) {}

    private record Choice<S>(Event call, S state) {}

    Linearizability(Model<S, A, T> model, Duration limit) {
        this.model = model;
        this.limit = limit;
    }

    Found check(List<Operation<A, T>> operations) {
        return new Search(operations).run();
    }

    private final class Search {
        private final List<Operation<A, T>> operations;
        private final Event head;
        private final Set<Point<S>> seen = new HashSet<>();
        private final Deque<Choice<S>> choices = new ArrayDeque<>();
        private final BitSet taken = new BitSet();
        private List<Integer> furthest = List.of();
        private S state = model.start();
        private long missing;

        Search(List<Operation<A, T>> operations) {
            this.operations = operations;
            this.head = list(operations);
            this.missing = operations.stream().filter(o -> !o.isOpen()).count();
        }

        Found run() {
            long start = System.nanoTime();
            @Nullable Event event = head.next;
            for (long step = 1; missing > 0; step++) {
                if (step % STEPS_A_LOOK == 0 && System.nanoTime() - start > limit.toNanos()) {
                    return new Found(Verdict.UNDECIDED, furthest);
                }
                if (event != null && event.call) {
                    event = take(event) ? head.next : event.next;
                    continue;
                }
                // A return whose call was not taken, or only calls left of which nobody knows.
                @Nullable Choice<S> last = choices.pollLast();
                if (last == null) {
                    return new Found(Verdict.NOT_LINEARIZABLE, furthest);
                }
                event = undo(last).next;
            }
            return new Found(Verdict.LINEARIZABLE, order());
        }

        private boolean take(Event call) {
            Operation<A, T> operation = operations.get(call.operation);
            @Nullable S next = model.after(state, operation.ask(), operation.told());
            // Of which nobody knows and which changes nothing is as good as never done.
            if (next == null || (operation.isOpen() && next.equals(state))) {
                return false;
            }
            taken.set(call.operation);
            if (!seen.add(new Point<>((BitSet) taken.clone(), next))) {
                taken.clear(call.operation);
                return false;
            }
            choices.addLast(new Choice<>(call, state));
            state = next;
            call.unlink();
            if (call.matching != null) {
                call.matching.unlink();
                missing--;
            }
            if (choices.size() > furthest.size()) {
                furthest = order();
            }
            return true;
        }

        private Event undo(Choice<S> last) {
            Event call = last.call();
            if (call.matching != null) {
                call.matching.relink();
                missing++;
            }
            call.relink();
            taken.clear(call.operation);
            state = last.state();
            return call;
        }

        private List<Integer> order() {
            return choices.stream().map(choice -> choice.call().operation).toList();
        }
    }

    /** At one moment, calls come first: operations that touch count as concurrent. */
    private static <A, T> Event list(List<Operation<A, T>> operations) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            Operation<A, T> operation = operations.get(i);
            Event call = new Event(i, operation.called(), true);
            events.add(call);
            if (!operation.isOpen()) {
                call.matching = new Event(i, operation.returned(), false);
                events.add(call.matching);
            }
        }
        events.sort(Comparator.<Event>comparingLong(event -> event.at).thenComparing(event -> !event.call));
        Event head = new Event(-1, Long.MIN_VALUE, true);
        Event last = head;
        for (Event event : events) {
            last.next = event;
            event.before = last;
            last = event;
        }
        return head;
    }
}
