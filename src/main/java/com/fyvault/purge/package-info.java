/** What was deleted 30 days ago goes for good. */
@NullMarked
package com.fyvault.purge;

import org.jspecify.annotations.NullMarked;
