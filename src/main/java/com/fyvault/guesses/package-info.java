/// How often somebody may guess what a person chose.
@NullMarked
package com.fyvault.guesses;

import org.jspecify.annotations.NullMarked;
