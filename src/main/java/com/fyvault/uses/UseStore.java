package com.fyvault.uses;

import io.vertx.core.Future;
import java.util.List;

/** Where it stands when something was last used. */
public interface UseStore {
    /** Uses in one statement at most. */
    int MOST = 500;

    /**
     * Writes uses of one kind that are later than what stands there. Waits for nobody: answers with those whose row
     * somebody else holds, to be written another time.
     */
    Future<List<Use>> write(Use.Kind kind, List<Use> uses);
}
