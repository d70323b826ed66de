/** Whether what many clients saw of many nodes could have been seen of one, and the run that asks. */
@NullMarked
package com.fyvault.proofs.history;

import org.jspecify.annotations.NullMarked;
