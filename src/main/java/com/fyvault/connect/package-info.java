/// Provider connect: a person lets a provider in with a browser, and the provider's backend takes its token for a code.
/// No token is ever pasted.
@NullMarked
package com.fyvault.connect;

import org.jspecify.annotations.NullMarked;
