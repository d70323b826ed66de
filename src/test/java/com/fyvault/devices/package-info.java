@NullMarked
package com.fyvault.devices;

import org.jspecify.annotations.NullMarked;
