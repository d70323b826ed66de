/** A person's API keys in all of their organizations. */
@NullMarked
package com.fyvault.mykeys;

import org.jspecify.annotations.NullMarked;
