/// How often somebody may guess what a person chose. Nothing asks yet: there is no login.
@NullMarked
package com.fyvault.guesses;

import org.jspecify.annotations.NullMarked;
