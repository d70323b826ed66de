/// Bearer tokens: their format, their hashes, and who they are.
@NullMarked
package com.fyvault.tokens;

import org.jspecify.annotations.NullMarked;
