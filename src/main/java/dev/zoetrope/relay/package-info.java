/**
 * Sources of other nodes: the binary messages between nodes, the link to an origin, and what comes
 * over it.
 *
 * <p>What comes over a link is taken for hostile: it is checked and bounded, and a link that says
 * what it must not is ended with a reason.
 *
 * @see "docs/PROTOCOL.md, 5"
 */
package dev.zoetrope.relay;
