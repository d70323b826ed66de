package com.fyvault.secrets;

import com.fyvault.crypto.Binding;
import com.fyvault.crypto.Envelope;
import com.fyvault.crypto.OrgKey;
import com.fyvault.crypto.SealBroken;
import com.fyvault.environments.Place;
import com.fyvault.orgs.Keyrings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** Opens and writes many values at once, on the worker pool. */
public final class BulkOpener {
    private static final byte[] LIST_HEAD = JsonText.ascii("{\"success\":true,\"data\":[");
    private static final byte[] FIRST = JsonText.ascii("{\"name\":\"");
    private static final byte[] NEXT = JsonText.ascii(",{\"name\":\"");
    private static final byte[] LIST_TAIL = JsonText.ascii("]}");

    private final Keyrings keyrings;
    private final WorkerExecutor workers;

    public BulkOpener(Keyrings keyrings, WorkerExecutor workers) {
        this.keyrings = keyrings;
        this.workers = workers;
    }

    /** The body of a bulk answer: every value opened on one worker, and cleared once it is written. */
    Future<Buffer> open(Place place, List<SecretStore.Sealed> values) {
        Set<Integer> epochs = new HashSet<>();
        values.forEach(value -> epochs.add(Envelope.epoch(value.envelope())));
        Map<Integer, OrgKey> keys = new HashMap<>();
        Future<Void> ready = Future.succeededFuture();
        for (Integer epoch : epochs) {
            ready = ready.compose(done -> keyrings.key(place.orgId(), epoch).map(key -> {
                if (key == null) {
                    throw new SealBroken();
                }
                keys.put(epoch, key);
                return null;
            }));
        }
        return ready.compose(done -> workers.executeBlocking(
                () -> render(values, value -> {
                    OrgKey key = Objects.requireNonNull(keys.get(Envelope.epoch(value.envelope())));
                    Binding binding = Bindings.of(
                            place, value.secret().id(), value.secret().version());
                    return Envelope.open(key, binding, value.envelope());
                }),
                false));
    }

    /** {@code {"success":true,"data":[{"name":..,"value":..,"version":..},..]}}; each plaintext is cleared once written. */
    private static Buffer render(List<SecretStore.Sealed> values, Function<SecretStore.Sealed, byte[]> opener) {
        ByteBuf out = Unpooled.buffer(LIST_HEAD.length + values.size() * 128);
        out.writeBytes(LIST_HEAD);
        for (SecretStore.Sealed value : values) {
            out.writeBytes(out.readableBytes() == LIST_HEAD.length ? FIRST : NEXT);
            out.writeCharSequence(value.secret().name(), StandardCharsets.US_ASCII);
            out.writeBytes(ValueAnswer.VALUE);
            byte[] plaintext = opener.apply(value);
            JsonText.escape(out, plaintext);
            Arrays.fill(plaintext, (byte) 0);
            out.writeBytes(ValueAnswer.VERSION);
            out.writeCharSequence(Long.toString(value.secret().version()), StandardCharsets.US_ASCII);
            out.writeByte('}');
        }
        out.writeBytes(LIST_TAIL);
        return BufferInternal.buffer(out);
    }
}
