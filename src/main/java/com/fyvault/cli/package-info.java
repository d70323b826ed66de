@NullMarked
package com.fyvault.cli;

import org.jspecify.annotations.NullMarked;
