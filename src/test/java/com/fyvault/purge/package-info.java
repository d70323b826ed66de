@NullMarked
package com.fyvault.purge;

import org.jspecify.annotations.NullMarked;
