/** The rules that hold for the whole project. */
@NullMarked
package com.fyvault;

import org.jspecify.annotations.NullMarked;
