/** Trust in the identity tokens of other issuers, and their exchange for session tokens. */
@NullMarked
package com.fyvault.federation;

import org.jspecify.annotations.NullMarked;
