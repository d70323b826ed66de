/**
 * People: their accounts, how they prove who they are, and the logins that follow from it. What a login may do in an
 * organization is a row of credential like that of any token ({@link com.fyvault.people.EnterOrganization}).
 */
@NullMarked
package com.fyvault.people;

import org.jspecify.annotations.NullMarked;
