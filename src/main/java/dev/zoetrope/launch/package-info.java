/**
 * Makes {@code java -jar zoetrope.war} a server: reads the command line, brings the Tomcat that the
 * WAR carries, and serves the same WAR in it.
 *
 * <p>These classes live below {@code META-INF/versions/17} of the WAR, where {@code java -jar}
 * finds them and no container serves or scans them. They share no class with the web application;
 * the two speak by the system properties {@code zoetrope.home} and {@code zoetrope.ffmpeg}.
 */
package dev.zoetrope.launch;
