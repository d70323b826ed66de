/// Devices that run applications: which secrets each was assigned. Its token reads those and does nothing else.
@NullMarked
package com.fyvault.devices;

import org.jspecify.annotations.NullMarked;
