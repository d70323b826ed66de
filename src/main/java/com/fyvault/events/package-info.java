/// What has changed, for whoever wants to be told: written with the change, read in the order of commits.
@NullMarked
package com.fyvault.events;

import org.jspecify.annotations.NullMarked;
