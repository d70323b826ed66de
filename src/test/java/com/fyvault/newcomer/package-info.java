/** What a new user does first, against a running server: {@code ./fyvault newcomer}. */
@NullMarked
package com.fyvault.newcomer;

import org.jspecify.annotations.NullMarked;
