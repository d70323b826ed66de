/// What is counted durably and for all nodes: guesses at what a person chose, and mails that invite somebody.
@NullMarked
package com.fyvault.guesses;

import org.jspecify.annotations.NullMarked;
