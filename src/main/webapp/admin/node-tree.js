// @ts-check
import { make, setText } from './dom.js';
import { linkFacts, linkLook, linkStateName, linkTrouble, nodeName } from './node-words.js';
import { moment, unknown } from './words.js';

/** @typedef {import('./node-words.js').NodeLink} NodeLink */

/** So many of the figures are measured; without any of them, the others tell nothing. */
const measured = 3;

/** This node between its origins and its followers, with those below them. */
export class NodeTree {
  #name = make('b', { class: 'title' });
  #id = make('span', { class: 'soft' });
  #origins = new Branches(true, 'Origins');
  #followers = new Branches(false, 'Followers');
  element = make('div', { class: 'node-tree' }, this.#origins.element,
      make('div', { class: 'node own' }, make('span', { class: 'soft' }, 'This node'), this.#name, this.#id), this.#followers.element);

  /** @param {import('./node-words.js').Nodes} nodes */
  show({ node, origins, followers }) {
    setText(this.#name, node.name);
    setText(this.#id, node.id === node.name ? '' : node.id);
    this.#origins.show(origins);
    this.#followers.show(followers);
  }
}

/** Connections beside each other. Only what differs is written. */
class Branches {
  element;
  #isOfOrigins;
  /** @type {Map<string, Branch>} */
  #branches = new Map();

  /** @param {boolean} isOfOrigins @param {string} label for screen readers */
  constructor(isOfOrigins, label) {
    this.#isOfOrigins = isOfOrigins;
    this.element = make('ul', { class: isOfOrigins ? 'branches above' : 'branches', role: 'list', 'aria-label': label });
  }

  /** @param {NodeLink[]} links */
  show(links) {
    const before = this.#branches;
    this.#branches = new Map();
    links.forEach((link, i) => {
      let key = link.id || link.address || link.name;
      while (this.#branches.has(key)) { // one node by two ways
        key += ' again';
      }
      const branch = before.get(key) ?? new Branch(this.#isOfOrigins);
      this.#branches.set(key, branch);
      branch.show(link);
      if (this.element.children[i] !== branch.element) {
        this.element.insertBefore(branch.element, this.element.children[i] ?? null);
      }
    });
    while (this.element.children.length > links.length) {
      this.element.lastElementChild?.remove();
    }
    this.element.hidden = links.length === 0;
  }
}

/** One connection, and the node at its other end with what is below that. */
class Branch {
  #isOfOrigin;
  #name = make('b', { class: 'title' });
  #badge = make('span', { class: 'badge' });
  #where = make('p', { class: 'soft' });
  #trouble = make('p', { class: 'cause' });
  /** @type {HTMLElement[]} */
  #values = [];
  #rates = make('dl', { class: 'rates' });
  /** @type {Branches | null} */
  #below = null;
  element;

  /** @param {boolean} isOfOrigin */
  constructor(isOfOrigin) {
    this.#isOfOrigin = isOfOrigin;
    this.element = make('li', {}, make('div', { class: 'node' },
        make('span', { class: 'soft' }, isOfOrigin ? 'Origin' : 'Follower'),
        make('div', { class: 'caption' }, this.#name, this.#badge), this.#where, this.#trouble, this.#rates));
  }

  /** @param {NodeLink} link */
  show(link) {
    setText(this.#name, nodeName(link));
    setText(this.#badge, linkStateName(link.state));
    const look = linkLook(link.state);
    if (this.#badge.dataset.state !== look) {
      this.#badge.dataset.state = look;
    }
    const since = link.since ? `since ${moment(link.since)}` : '';
    const key = link.key ? `by the key “${link.key}”` : '';
    setText(this.#where, [link.name ? link.address : '', key, since].filter(Boolean).join(', '));
    setText(this.#trouble, linkTrouble(link));
    this.#showFacts(linkFacts(link, this.#isOfOrigin));
    this.#showBelow(link.below ?? [], nodeName(link));
  }

  /** @param {[string, string][]} facts */
  #showFacts(facts) {
    this.#rates.hidden = facts.slice(0, measured).every(([, value]) => value === unknown);
    if (this.#values.length === 0) {
      this.#values = facts.map(() => make('dd', {}));
      this.#rates.append(...facts.map(([name], i) => make('div', {}, make('dt', {}, name), this.#values[i])));
    }
    facts.forEach(([, value], i) => setText(this.#values[i], value));
  }

  /** @param {NodeLink[]} links @param {string} name */
  #showBelow(links, name) {
    if (links.length > 0 && !this.#below) {
      this.#below = new Branches(false, `Followers of ${name}`);
      this.element.append(this.#below.element);
    }
    this.#below?.show(links);
  }
}
