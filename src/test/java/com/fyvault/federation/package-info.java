/** Tests of the exchange of other issuers' tokens, against issuers that run here. */
@NullMarked
package com.fyvault.federation;

import org.jspecify.annotations.NullMarked;
