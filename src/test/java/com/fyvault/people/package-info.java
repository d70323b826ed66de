@NullMarked
package com.fyvault.people;

import org.jspecify.annotations.NullMarked;
