@NullMarked
package com.fyvault.advice;

import org.jspecify.annotations.NullMarked;
