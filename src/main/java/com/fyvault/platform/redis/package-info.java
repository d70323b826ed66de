/** The link to Redis: one supervised connection that is up, or is known to be down. Redis is a hint; nothing waits for it long. */
@NullMarked
package com.fyvault.platform.redis;

import org.jspecify.annotations.NullMarked;
