/** Keys and stored values that were found in public: who reports them, what they are, and what becomes of them. */
@NullMarked
package com.fyvault.leaks;

import org.jspecify.annotations.NullMarked;
