/** Puts the application together once, starts it and stops it. */
package dev.zoetrope.app;
