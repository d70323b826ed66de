@NullMarked
package com.fyvault.trail;

import org.jspecify.annotations.NullMarked;
