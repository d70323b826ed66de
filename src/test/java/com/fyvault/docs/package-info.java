@NullMarked
package com.fyvault.docs;

import org.jspecify.annotations.NullMarked;
