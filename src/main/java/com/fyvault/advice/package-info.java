/** What an organization should look at: as a list, and once a week by mail. */
@NullMarked
package com.fyvault.advice;

import org.jspecify.annotations.NullMarked;
