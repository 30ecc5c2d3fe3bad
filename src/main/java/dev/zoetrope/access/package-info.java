/** Who somebody is, and what they may do: accounts, sessions, tokens, links. */
package dev.zoetrope.access;
