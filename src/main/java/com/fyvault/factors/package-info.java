/// Second factors of people: authenticator apps, recovery codes, passkeys, and the step-up that asks for them again.
@NullMarked
package com.fyvault.factors;

import org.jspecify.annotations.NullMarked;
