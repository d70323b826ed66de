/// Who belongs to an organization and what they may do there: roles, teams, invitations, and what is asked of
/// everybody.
@NullMarked
package com.fyvault.members;

import org.jspecify.annotations.NullMarked;
