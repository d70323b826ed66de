package com.fyvault.scan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/// All keywords in one pass over the bytes, without regard to case (Aho and Corasick, 1975): a table of states, so that
/// a byte costs two loads whatever the number of keywords.
///
/// Bytes that no keyword tells apart share a column. A state is the index of its row, and those in which a keyword ends
/// come last, so that one comparison tells them.
final class Keywords {
    /// A keyword of a rule.
    ///
    /// @param rule its number
    /// @param text as the rule writes it
    record Entry(int rule, byte[] text) {}

    private static final int BYTES = 256;
    private static final int ABSENT = -1;

    private final int[] next;
    private final int[] columns;
    /// Rows from here on are states in which keywords end.
    private final int accepting;
    private final int width;
    private final Entry[][] endings;

    private Keywords(int[] next, int[] columns, int width, Entry[][] endings) {
        this.next = next;
        this.columns = columns;
        this.width = width;
        this.endings = endings;
        this.accepting = next.length - endings.length * width;
    }

    static Keywords of(List<Rule> rules) {
        Tree tree = new Tree();
        for (int rule = 0; rule < rules.size(); rule++) {
            for (byte[] keyword : rules.get(rule).keywords()) {
                tree.add(new Entry(rule, keyword));
            }
        }
        return tree.link();
    }

    /// Goes on from a state until a keyword ends or the bytes do. The answer is the state in the upper half, and behind
    /// which byte that was in the lower one: this is the loop that every byte goes through, and it stays small.
    long walk(byte[] bytes, int from, int to, int state) {
        int[] table = next;
        int[] column = columns;
        int end = accepting;
        int row = state;
        for (int at = from; at < to; at++) {
            row = table[row + column[bytes[at] & 0xff]];
            if (row >= end) {
                return (long) row << Integer.SIZE | (at + 1);
            }
        }
        return (long) row << Integer.SIZE | to;
    }

    /// True for a state in which a keyword ends.
    boolean accepts(int state) {
        return state >= accepting;
    }

    /// The keywords that end in an accepting state.
    Entry[] endings(int state) {
        return endings[(state - accepting) / width];
    }

    private static int fold(byte character) {
        return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character & 0xff;
    }

    /// The keywords as a tree, which then gets its links back.
    private static final class Tree {
        private final List<int[]> children = new ArrayList<>();
        private final List<List<Entry>> endings = new ArrayList<>();
        private final int[] columns = new int[BYTES];
        private int width = 1;

        Tree() {
            int _ = state();
        }

        void add(Entry entry) {
            int state = 0;
            for (byte character : entry.text()) {
                int column = column(fold(character));
                if (children.get(state)[column] == ABSENT) {
                    children.get(state)[column] = state();
                }
                state = children.get(state)[column];
            }
            endings.get(state).add(entry);
        }

        /// Fills in, breadth first, where a byte leads that no child has: to where the longest suffix leads.
        Keywords link() {
            int[] suffix = new int[children.size()];
            Queue<Integer> open = new ArrayDeque<>(List.of(0));
            while (!open.isEmpty()) {
                int state = open.remove();
                int[] row = children.get(state);
                if (state != 0) {
                    endings.get(state).addAll(endings.get(suffix[state]));
                }
                for (int column = 0; column < width; column++) {
                    int instead = state == 0 ? 0 : children.get(suffix[state])[column];
                    if (row[column] == ABSENT) {
                        row[column] = instead;
                    } else {
                        suffix[row[column]] = instead;
                        open.add(row[column]);
                    }
                }
            }
            return table();
        }

        private Keywords table() {
            int count = children.size();
            int[] order = order(count);
            int[] next = new int[count * width];
            List<Entry[]> last = new ArrayList<>();
            int[] states = new int[count];
            for (int state = 0; state < count; state++) {
                states[order[state]] = state;
            }
            for (int row = 0; row < count; row++) {
                int state = states[row];
                for (int column = 0; column < width; column++) {
                    next[row * width + column] = order[children.get(state)[column]] * width;
                }
                if (!endings.get(state).isEmpty()) {
                    last.add(endings.get(state).toArray(Entry[]::new));
                }
            }
            return new Keywords(next, columns.clone(), width, last.toArray(Entry[][]::new));
        }

        /// The row of each state: those in which nothing ends first.
        private int[] order(int count) {
            int[] order = new int[count];
            int row = 0;
            for (int state = 0; state < count; state++) {
                if (endings.get(state).isEmpty()) {
                    order[state] = row++;
                }
            }
            for (int state = 0; state < count; state++) {
                if (!endings.get(state).isEmpty()) {
                    order[state] = row++;
                }
            }
            return order;
        }

        private int column(int folded) {
            if (columns[folded] == 0) {
                columns[folded] = width;
                if (folded >= 'a' && folded <= 'z') {
                    columns[folded - ('a' - 'A')] = width;
                }
                width++;
            }
            return columns[folded];
        }

        private int state() {
            int[] row = new int[BYTES + 1];
            Arrays.fill(row, ABSENT);
            children.add(row);
            endings.add(new ArrayList<>(0));
            return children.size() - 1;
        }
    }
}
