// @ts-check
import { asking, make, setText } from './dom.js';
import { NodeKeyList } from './node-keys.js';
import { NodeTree } from './node-tree.js';
import { nodesSummary } from './node-words.js';
import { troubleWords } from './words.js';

/** @typedef {import('./app.js').App} App */

const refreshMillis = 2_000;

/** The nodes that this one is connected with, and the keys by which they come in. */
export class NodesPage {
  title = 'Nodes';
  element;
  #app;
  #summary = make('p', { class: 'summary' });
  #note = make('p', { class: 'problem', role: 'alert' });
  #none = make('p', { hidden: true }, 'This node is not connected with any other. It has sources of another one by a source of the kind “Source of another Zoetrope”; others have its sources by a node key.');
  #tree = new NodeTree();
  #place = make('div', {}, asking());
  /** @type {NodeKeyList | null} */
  #keys;
  #timer = 0;
  #left = new AbortController();

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.#keys = app.api.may('admin') ? new NodeKeyList(app) : null;
    this.element = make('div', {}, make('div', { class: 'head' }, make('h1', {}, this.title), this.#summary),
        this.#note, this.#place, this.#none, this.#keys?.element);
    this.#refresh();
  }

  close() {
    clearTimeout(this.#timer);
    this.#left.abort();
    this.#keys?.close();
  }

  async #refresh() {
    if (!document.hidden) {
      try {
        this.#show(await this.#app.api.get('nodes', this.#left.signal));
        setText(this.#note, '');
      } catch (error) {
        if (!this.#left.signal.aborted) {
          setText(this.#note, troubleWords(error));
        }
      }
    }
    if (!this.#left.signal.aborted) {
      this.#timer = setTimeout(() => this.#refresh(), refreshMillis);
    }
  }

  /** @param {import('./node-words.js').Nodes} nodes */
  #show(nodes) {
    if (!this.#place.contains(this.#tree.element)) {
      this.#place.replaceChildren(this.#tree.element);
    }
    this.#tree.show(nodes);
    setText(this.#summary, nodesSummary(nodes));
    this.#none.hidden = nodes.origins.length + nodes.followers.length > 0;
    this.#keys?.tellNode(nodes.node.name);
  }
}
