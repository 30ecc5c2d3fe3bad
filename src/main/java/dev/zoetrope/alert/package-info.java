/** Tells others when a source is lost and when it is back: webhooks. */
package dev.zoetrope.alert;
