package com.fyvault.proofs.doors;

/** Whether an answer comes from the door or from behind it. */
final class Door {
    private Door() {}

    /** The code of who was turned away; {@code ok} for whoever was let in, whatever they found there. */
    static String outcome(Wire.Reply reply) {
        return switch (reply.status()) {
            case 401, 403 -> reply.code();
            case 404 ->
                reply.code().equals("ORG_NOT_FOUND") || reply.code().equals("ROUTE_NOT_FOUND") ? reply.code() : "ok";
            case 405, 408, 421, 429, 431 -> reply.status() + " " + reply.code();
            default -> reply.status() >= 500 || reply.status() < 200 ? reply.status() + " " + reply.code() : "ok";
        };
    }
}
