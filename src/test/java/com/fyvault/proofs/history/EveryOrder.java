package com.fyvault.proofs.history;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The definition itself, by trying every order of every choice of operations: slow, and too simple to be wrong. */
final class EveryOrder {
    private EveryOrder() {}

    static <S, A, T> boolean linearizable(Model<S, A, T> model, List<Operation<A, T>> operations) {
        return some(model, operations, new ArrayList<>());
    }

    private static <S, A, T> boolean some(
            Model<S, A, T> model, List<Operation<A, T>> operations, List<Operation<A, T>> order) {
        boolean whole = operations.stream().allMatch(o -> o.isOpen() || order.contains(o));
        if (whole && inTime(order) && legal(model, order)) {
            return true;
        }
        for (Operation<A, T> operation : operations) {
            if (!order.contains(operation)) {
                order.add(operation);
                if (some(model, operations, order)) {
                    return true;
                }
                order.remove(order.size() - 1);
            }
        }
        return false;
    }

    /** No operation stands behind one that was called after its return. */
    private static <A, T> boolean inTime(List<Operation<A, T>> order) {
        for (int i = 0; i < order.size(); i++) {
            for (int k = i + 1; k < order.size(); k++) {
                if (order.get(k).returned() < order.get(i).called()) {
                    return false;
                }
            }
        }
        return true;
    }

    private static <S, A, T> boolean legal(Model<S, A, T> model, List<Operation<A, T>> order) {
        @Nullable S state = model.start();
        for (Operation<A, T> operation : order) {
            state = model.after(state, operation.ask(), operation.told());
            if (state == null) {
                return false;
            }
        }
        return true;
    }
}
