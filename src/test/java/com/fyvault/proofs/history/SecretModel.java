package com.fyvault.proofs.history;

import org.jspecify.annotations.Nullable;

/**
 * A secret with its values in two environments. Deleting takes both away at once, and undeleting brings
 * back what was there. Contents name who wrote them, so a read tells which write it saw; a content that the
 * server made itself is known by a mark in its stead.
 */
final class SecretModel implements Model<SecretModel.State, SecretModel.Ask, SecretModel.Told> {
    /** How a content begins that a client has named, and one that stands for what the server made. */
    static final String NAMED = "named|";

    static final String MADE = "made|";

    private final State start;

    enum Place {
        PRODUCTION,
        STAGING
    }

    record State(boolean deleted, Versions production, Versions staging) {
        Versions at(Place place) {
            return place == Place.PRODUCTION ? production : staging;
        }

        State with(Place place, String content) {
            return place == Place.PRODUCTION
                    ? new State(deleted, production.with(content), staging)
                    : new State(deleted, production, staging.with(content));
        }
    }

    sealed interface Ask {
        /** A value, or only its version. */
        record Read(Place place) implements Ask {}

        /** What is known of the secret but its value: answered also where it has none, with version 0. */
        record View(Place place) implements Ask {}

        /**
         * A new value, sent or made by the server.
         *
         * @param demanded the version that must be current; 0 when any may
         */
        record Write(Place place, String content, long demanded) implements Ask {}

        /** The content of an earlier version as a new one. */
        record RollBack(Place place, long version) implements Ask {}

        /** Takes the secret away, or back again. */
        record SetDeleted(boolean deleted) implements Ask {}
    }

    sealed interface Told {
        /** The current version, and its text where it was sent along. */
        record Value(long version, @Nullable String text) implements Told {}

        /** Done; the version that is current now (of a deletion: in production). */
        record Done(long version) implements Told {}

        /** There is no such secret. */
        record Absent() implements Told {}

        /** There is no such version. */
        record NoVersion() implements Told {}

        /** Another version is current. */
        record Mismatch() implements Told {}
    }

    SecretModel(String first) {
        this.start = new State(false, Versions.NONE.with(first), Versions.NONE);
    }

    @Override
    public State start() {
        return start;
    }

    @Override
    public @Nullable State after(State state, Ask ask, @Nullable Told told) {
        return switch (ask) {
            case Ask.Read read -> {
                Versions there = state.at(read.place());
                boolean absent = state.deleted() || there.current() == 0;
                yield unchanged(state, told, absent ? told instanceof Told.Absent : shows(there, told));
            }
            case Ask.View view ->
                unchanged(
                        state,
                        told,
                        state.deleted() ? told instanceof Told.Absent : shows(state.at(view.place()), told));
            case Ask.Write write -> write(state, write, told);
            case Ask.RollBack back -> rollBack(state, back, told);
            case Ask.SetDeleted set -> setDeleted(state, set, told);
        };
    }

    private static @Nullable State write(State state, Ask.Write write, @Nullable Told told) {
        if (state.deleted()) {
            return unchanged(state, told, told instanceof Told.Absent);
        }
        Versions there = state.at(write.place());
        if (write.demanded() != 0 && write.demanded() != there.current()) {
            return unchanged(state, told, told instanceof Told.Mismatch);
        }
        boolean fits = told == null || told.equals(new Told.Done(there.current() + 1));
        return fits ? state.with(write.place(), write.content()) : null;
    }

    private static @Nullable State rollBack(State state, Ask.RollBack back, @Nullable Told told) {
        if (state.deleted()) {
            return unchanged(state, told, told instanceof Told.Absent);
        }
        Versions there = state.at(back.place());
        @Nullable String content = there.content(back.version());
        if (content == null) {
            return unchanged(state, told, told instanceof Told.NoVersion);
        }
        boolean fits = told == null || told.equals(new Told.Done(there.current() + 1));
        return fits ? state.with(back.place(), content) : null;
    }

    private static @Nullable State setDeleted(State state, Ask.SetDeleted set, @Nullable Told told) {
        if (state.deleted() == set.deleted()) {
            return unchanged(state, told, told instanceof Told.Absent);
        }
        boolean fits =
                told == null || told.equals(new Told.Done(state.production().current()));
        return fits ? new State(set.deleted(), state.production(), state.staging()) : null;
    }

    private static @Nullable State unchanged(State state, @Nullable Told told, boolean fits) {
        return told == null || fits ? state : null;
    }

    private static boolean shows(Versions there, @Nullable Told told) {
        if (!(told instanceof Told.Value value) || value.version() != there.current()) {
            return false;
        }
        @Nullable String text = value.text();
        boolean made = there.content().startsWith(MADE);
        return text == null || (made ? !text.startsWith(NAMED) : text.equals(there.content()));
    }
}
