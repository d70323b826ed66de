/// Providers of keys that push them into an organization: their tokens, and what those are confined to. They never
/// read.
@NullMarked
package com.fyvault.providers;

import org.jspecify.annotations.NullMarked;
