@NullMarked
package com.fyvault.members;

import org.jspecify.annotations.NullMarked;
