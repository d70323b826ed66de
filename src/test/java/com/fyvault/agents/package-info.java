@NullMarked
package com.fyvault.agents;

import org.jspecify.annotations.NullMarked;
