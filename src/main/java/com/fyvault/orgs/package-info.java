@NullMarked
package com.fyvault.orgs;

import org.jspecify.annotations.NullMarked;
