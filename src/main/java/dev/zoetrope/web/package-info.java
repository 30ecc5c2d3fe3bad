/**
 * The viewers' doors: endless HTTP responses, WebSockets, stills, the list of sources.
 *
 * <p>Thin: what is sent is the feed's business, how it is framed the format's.
 */
package dev.zoetrope.web;
