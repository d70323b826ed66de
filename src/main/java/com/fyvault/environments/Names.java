package com.fyvault.environments;

import com.fyvault.api.Ids;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Path;
import com.fyvault.platform.http.Refusal;
import java.util.Locale;

/** The rule for names of projects, environments and secrets. */
public final class Names {
    private static final int LONGEST = 128;
    private static final String PRODUCTION = "production";

    private Names() {}

    /** The name, when it may be one: plain characters, no dot segment, and nothing that looks like an id. */
    public static String check(String name) {
        boolean plain = !name.isEmpty() && name.length() <= LONGEST && !name.equals(".") && !name.equals("..");
        for (int i = 0; plain && i < name.length(); i++) {
            plain = Path.isPlain(name.charAt(i));
        }
        if (!plain) {
            throw Refusal.of(ErrorCode.INVALID_NAME);
        }
        if (Ids.parse(name) != null) {
            throw Refusal.of(ErrorCode.INVALID_NAME, "A name cannot be a UUID");
        }
        return name;
    }

    /** What a test key keeps away from: the default environment, and any that is called production. */
    public static boolean isProduction(String nameKey, boolean isDefault) {
        return isDefault || nameKey.equals(PRODUCTION);
    }

    /** The form that names are compared in: they are unique without regard to case. */
    public static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
