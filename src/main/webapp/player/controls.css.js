// @ts-check

/** The look of the controls. Their colours are the page's to set: see zoetrope-player.js. */
export const style = `
  .controls {
    --accent: var(--zoetrope-accent, #ffc52e);
    --foreground: var(--zoetrope-foreground, #f4f5f0);
    --background: var(--zoetrope-background, #14161d);
    --radius: var(--zoetrope-radius, 4px);
    position: absolute;
    z-index: 3;
    inset: 0;
    display: flex;
    flex-direction: column;
    justify-content: flex-end;
    container-type: inline-size;
    color: var(--foreground);
    color-scheme: dark;
    font: 500 .875rem/1.35 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
    pointer-events: none;
  }
  .controls [hidden] { display: none; }
  .away { opacity: 0; }
  .controls:not(.away) :is(.bar, .menu, .stats) { pointer-events: auto; }
  [part~="status"] { bottom: 2.75rem; }

  .bar { display: flex; flex-wrap: wrap; align-items: center; padding: 2px 4px; background: var(--background); }
  .controls button { border: 0; border-radius: var(--radius); background: none; color: inherit; font: inherit; cursor: pointer; }
  .bar button { display: grid; flex: none; place-items: center; width: 2.5rem; height: 2.5rem; padding: 0; }
  .bar svg { width: 1.5rem; height: 1.5rem; fill: currentColor; stroke: none; pointer-events: none; }
  .bar svg .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
  .bar button:not(.mute):is([aria-pressed="true"], [aria-expanded="true"]) { color: var(--accent); box-shadow: inset 0 -3px var(--accent); }
  .controls :is(button, input, .stats):focus-visible { outline: 3px solid var(--accent); outline-offset: -3px; }
  .controls button:hover { background: color-mix(in srgb, var(--foreground) 16%, var(--background)); }
  .volume { flex: 0 1 6rem; min-width: 3rem; height: 2.5rem; margin: 0 .5rem 0 0; accent-color: var(--accent); cursor: pointer; }
  .badge { display: flex; flex: 1 1 auto; align-items: center; gap: .5em; min-width: 0; padding: 0 .5rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .badge:empty { visibility: hidden; }
  .badge::before { flex: none; width: .55em; height: .55em; border: 2px solid currentColor; border-radius: 50%; content: ""; }
  .badge[data-state="is-live"]::before { border-color: var(--accent); background: var(--accent); }

  .room { display: flex; flex: 1 1 0; align-items: flex-end; justify-content: space-between; gap: 4px; min-height: 0; padding: 4px; }
  .menu, .stats { max-height: 100%; padding: 4px; overflow: auto; overscroll-behavior: contain; border-radius: var(--radius); background: var(--background); }
  .menu { display: grid; flex: none; margin-inline-start: auto; }
  .menu button { position: relative; min-height: 2.25rem; padding: .3rem .9rem .3rem 2rem; text-align: start; white-space: nowrap; }
  .menu [aria-checked="true"]::before { position: absolute; inset-inline-start: .75rem; color: var(--accent); content: "\\2713"; }
  .stats { box-sizing: border-box; padding: .5rem .75rem; }
  .stats dl { margin: 0; }
  .stats dl > div { display: flex; justify-content: space-between; gap: 1.25rem; }
  .stats dd { margin: 0; font-variant-numeric: tabular-nums; text-align: end; }

  .note { margin: 0 4px 4px; padding: .4rem .75rem; border-radius: var(--radius); background: var(--background); }
  .note:empty { display: none; }
  .said { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

  @container (width < 26rem) {
    .volume { display: none; }
    .badge { flex-basis: 100%; order: -1; padding-block: .3rem; }
    [part~="status"]:not(:empty) ~ .controls .badge { display: none; } /* that says more, and needs the room */
  }
  @media (pointer: coarse) {
    [part~="status"] { bottom: 3rem; }
    .bar button, .volume { height: 44px; }
    .bar button { width: 44px; }
    .menu button { min-height: 44px; }
  }
  @media (prefers-reduced-motion: no-preference) {
    .controls { transition: opacity .2s; }
  }
  @media (forced-colors: active) {
    .bar button:is([aria-pressed="true"], [aria-expanded="true"]), .badge[data-state="is-live"]::before { background: Highlight; color: HighlightText; forced-color-adjust: none; }
    .bar, .menu, .stats, .note { border: 1px solid CanvasText; }
  }
`;
