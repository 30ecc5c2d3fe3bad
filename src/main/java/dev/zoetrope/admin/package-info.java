/** The operators' doors: an API in JSON, guarded by a token. */
package dev.zoetrope.admin;
