// @ts-check

/**
 * @typedef {object} Session
 * @property {string} [name]
 * @property {'nobody' | 'viewer' | 'operator' | 'admin'} role
 * @property {string} [csrf]
 * @property {string} [via] `session`, `token`, `basic` or `container`
 * @property {boolean} [setup] nobody has an account yet
 *
 * @typedef {object} CallOptions
 * @property {unknown} [body] sent as JSON
 * @property {Record<string, string>} [headers]
 * @property {AbortSignal} [signal]
 *
 * @typedef {object} Answered
 * @property {any} data null without a body
 * @property {Headers} headers
 * @property {number} status
 */

const apiUrl = new URL('../api/v1/', import.meta.url);
const roles = ['nobody', 'viewer', 'operator', 'admin'];
const safeMethods = ['GET', 'HEAD'];

/** A call that the server refused, or that did not reach it. The message is for people. */
export class Problem extends Error {
  /**
   * @param {number} status 0 if the server did not answer
   * @param {string} detail
   * @param {{key: string, value: string, expected: string, file?: string, line?: number}[]} [errors]
   */
  constructor(status, detail, errors = []) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

/** The API as the page uses it: who is signed in, and calls, which wait for signing in where that is needed. */
export class Api {
  /** @type {Session} */
  session = { role: 'nobody' };
  /** Asks the person to sign in; fulfilled when that is done. */
  onsignedout = () => Promise.reject(new Problem(401, 'Please sign in.'));
  /** @type {Promise<void> | null} */
  #signingIn = null;
  /** The person did not want to: asked again when they change something, not by what the page asks by itself. */
  #isDeclined = false;

  /** Whether who is signed in may do what `role` may. @param {Session['role']} role */
  may(role) {
    return roles.indexOf(this.session.role) >= roles.indexOf(role);
  }

  async refreshSession() {
    const { data } = await this.#send('GET', 'session', {});
    this.session = data;
    return this.session;
  }

  /** @param {string} name @param {string} password */
  async signIn(name, password) {
    this.session = (await this.#send('POST', 'session', { body: { name, password } })).data;
  }

  /** @param {string} token @param {string} name @param {string} password */
  async setUp(token, name, password) {
    this.session = (await this.#send('POST', 'setup', { body: { token, name, password } })).data;
  }

  async signOut() {
    await this.#send('DELETE', 'session', {});
    this.session = { role: 'nobody' };
  }

  /** The address of `path` below `/api/v1/`. @param {string} path */
  url(path) {
    return new URL(path, apiUrl);
  }

  /** @param {string} path @param {AbortSignal} [signal] */
  async get(path, signal) {
    return (await this.call('GET', path, { signal })).data;
  }

  /**
   * Waits for signing in if that is needed, and calls again.
   *
   * @param {string} method
   * @param {string} path below `/api/v1/`
   * @param {CallOptions} [options]
   * @returns {Promise<Answered>}
   * @throws {Problem}
   */
  async call(method, path, options = {}) {
    const { csrf } = this.session;
    try {
      return await this.#send(method, path, options);
    } catch (error) {
      if (!(error instanceof Problem) || options.signal?.aborted) {
        throw error;
      }
      const isAsked = !this.#isDeclined || !safeMethods.includes(method);
      if (error.status === 401 && this.session.role !== 'nobody' && isAsked) {
        await this.#askToSignIn();
        return this.call(method, path, options);
      }
      // Another tab may have signed in meanwhile, and with it the session's token has changed.
      if (error.status === 403 && !safeMethods.includes(method) && (await this.refreshSession()).csrf !== csrf) {
        return this.#send(method, path, options);
      }
      throw error;
    }
  }

  /** However many calls find out that nobody is signed in, the person is asked once. */
  #askToSignIn() {
    this.#signingIn ??= this.onsignedout().then(() => {
      this.#isDeclined = false;
    }, (error) => {
      this.#isDeclined = true;
      throw error;
    }).finally(() => {
      this.#signingIn = null;
    });
    return this.#signingIn;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {CallOptions} options
   * @returns {Promise<Answered>}
   */
  async #send(method, path, { body, headers = {}, signal }) {
    const all = new Headers(headers);
    if (body !== undefined) {
      all.set('Content-Type', method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
    }
    if (!safeMethods.includes(method) && this.session.csrf) {
      all.set('X-CSRF-Token', this.session.csrf);
    }
    let response;
    try {
      response = await fetch(this.url(path), {
        method, signal, headers: all, body: body === undefined ? undefined : JSON.stringify(body),
        cache: 'no-store', credentials: 'same-origin',
      });
    } catch (error) {
      if (signal?.aborted) {
        throw error;
      }
      throw new Problem(0, 'The server does not answer. Is it running, and is the network there?');
    }
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
    const data = isJson && text ? JSON.parse(text) : null;
    if (!response.ok) {
      const wait = response.headers.get('Retry-After');
      const detail = data?.detail ?? `The server answers with error ${response.status}; its log may tell more`;
      const isWaitTold = !wait || response.status !== 429 || /\d+ s\b/.test(detail);
      throw new Problem(response.status, isWaitTold ? detail : `${detail}. Try again in ${wait} s`, data?.errors);
    }
    return { data, headers: response.headers, status: response.status };
  }
}
