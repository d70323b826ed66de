@NullMarked
package com.fyvault.providers;

import org.jspecify.annotations.NullMarked;
