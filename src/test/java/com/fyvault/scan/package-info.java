@NullMarked
package com.fyvault.scan;

import org.jspecify.annotations.NullMarked;
