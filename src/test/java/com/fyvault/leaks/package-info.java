/** What becomes of keys that turn up in public. */
@NullMarked
package com.fyvault.leaks;

import org.jspecify.annotations.NullMarked;
