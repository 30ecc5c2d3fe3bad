/**
 * Finds ONVIF cameras on the network and asks them for the addresses of their streams.
 *
 * <p>What comes from the network is taken for hostile: it is bounded in bytes, count and time, its
 * XML has no document type, and it never makes this node ask a host that the operator did not name.
 */
package dev.zoetrope.onvif;
