/** How often a credential, an owner, an organization or an address may ask. */
@NullMarked
package com.fyvault.limits;

import org.jspecify.annotations.NullMarked;
