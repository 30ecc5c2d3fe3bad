/**
 * The fast door: on Tomcat a viewer's bytes go straight to its socket, once the container has done
 * the head, the handshake and TLS. All that knows of Tomcat's inside is here.
 *
 * <p>Elsewhere, and for requests that do not allow it, {@link FastDoor} says no, and the doors of
 * Servlet and WebSocket do the work.
 */
package dev.zoetrope.door;
