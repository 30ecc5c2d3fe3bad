/**
 * What the operator wants: the home folder, its YAML files, and the checked settings they give.
 *
 * <p>Read once, at start. Every mistake is found and told with file, line, key, value and remedy; a
 * bad file never keeps the others from being read. Nothing here starts a thread.
 */
package dev.zoetrope.config;
