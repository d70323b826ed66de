/** API keys and session tokens over the wire, and the rules that they rest on. */
@NullMarked
package com.fyvault.credentials;

import org.jspecify.annotations.NullMarked;
