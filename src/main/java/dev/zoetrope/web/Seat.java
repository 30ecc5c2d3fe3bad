package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.feed.Client;
import java.util.Optional;

/**
 * What a subscription holds of a source while it is sent.
 *
 * @param rendition its name
 * @param lease gives the pass back at its end
 * @param client who it is, among the viewers
 * @param wording how fragments become messages
 * @param pass may end by itself; empty where it is the whole socket's that may
 */
record Seat(
    Channel channel,
    String rendition,
    Lease lease,
    Client client,
    Wording wording,
    Optional<Pass> pass) {}
