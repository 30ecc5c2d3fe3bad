// @ts-check

/** The folder of the player, whichever file this has been joined into: `…/player/`. */
export const playerUrl = new URL('./', import.meta.url);
