@NullMarked
package com.fyvault.events;

import org.jspecify.annotations.NullMarked;
