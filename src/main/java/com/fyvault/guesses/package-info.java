/// How often somebody may guess what a person chose or was given.
@NullMarked
package com.fyvault.guesses;

import org.jspecify.annotations.NullMarked;
