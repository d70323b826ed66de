@NullMarked
package com.fyvault.guesses;

import org.jspecify.annotations.NullMarked;
