/** Watches the sources and the server itself: figures once a second, the last hour, incidents. */
package dev.zoetrope.monitor;
