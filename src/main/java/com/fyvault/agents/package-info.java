/// Credentials of agents: AI assistants, bots, services. They read what they were given, and make nothing.
@NullMarked
package com.fyvault.agents;

import org.jspecify.annotations.NullMarked;
