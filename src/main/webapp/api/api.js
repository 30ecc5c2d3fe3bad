// @ts-check
import { byId } from '../pages/dom.js';

/**
 * @typedef {{$ref?: string, type?: string | string[], description?: string, enum?: string[], items?: Schema,
 *   properties?: Record<string, Schema>, required?: string[], additionalProperties?: boolean | Schema}} Schema
 * @typedef {{$ref?: string, name: string, in: string, required?: boolean, description?: string, schema: Schema}} Parameter
 * @typedef {{$ref?: string, description: string, content?: Record<string, {schema: Schema}>}} Answer
 * @typedef {{summary: string, description?: string, tags: string[], 'x-role': string, parameters?: Parameter[],
 *   requestBody?: {content: Record<string, {schema: Schema}>}, responses: Record<string, Answer>}} Call
 * @typedef {{info: {description: string}, servers: {url: string}[], tags: {name: string}[],
 *   paths: Record<string, Record<string, any>>}} ApiDocument
 */

const methods = ['get', 'put', 'post', 'patch', 'delete'];
const documentUrl = new URL('v1/openapi.json', import.meta.url);
/** Of an answer that is tried: more is cut off. */
const mostCharacters = 100_000;

/** @type {ApiDocument} */
let api;

/**
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} children
 */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/**
 * What a reference stands for.
 *
 * @template {{$ref?: string}} T
 * @param {T} value
 * @returns {T}
 */
function whole(value) {
  return value.$ref === undefined
    ? value
    : value.$ref.slice(2).split('/').reduce((at, key) => /** @type {any} */ (at)[key], /** @type {any} */ (api));
}

/**
 * A schema as people write one: `{id: string, viewers?: integer}`.
 *
 * @param {Schema} reference
 * @param {string} [indent]
 * @param {string[]} [within] the references that it stands in
 * @returns {string}
 */
function words(reference, indent = '', within = []) {
  const name = reference.$ref;
  if (name !== undefined && within.includes(name)) {
    return '{…, as around it}'; // it holds more of its kind
  }
  const around = name === undefined ? within : [...within, name];
  const schema = whole(reference);
  if (schema.enum !== undefined) {
    return schema.enum.map((one) => `"${one}"`).join(' | ');
  }
  if (schema.items !== undefined) {
    return `[${words(schema.items, indent, around)}]`;
  }
  if (schema.properties !== undefined) {
    const deeper = `${indent}  `;
    const rows = Object.entries(schema.properties).map(([key, value]) => {
      const mark = schema.required?.includes(key) ? '' : '?';
      const about = whole(value).description;
      return `${deeper}${key}${mark}: ${words(value, deeper, around)}${about === undefined ? '' : `  // ${about}`}`;
    });
    return `{\n${rows.join('\n')}\n${indent}}`;
  }
  if (typeof schema.additionalProperties === 'object') {
    return `{…: ${words(schema.additionalProperties, indent, around)}}`;
  }
  return [schema.type ?? 'any'].flat().join(' | ');
}

/** @param {Record<string, {schema: Schema}> | undefined} content */
function contents(content) {
  return Object.entries(content ?? {}).map(([type, { schema }]) =>
    element('pre', { tabindex: '0' }, element('code', {}, `${type}\n${words(schema)}`)));
}

/**
 * @param {Call} call
 * @param {Parameter[]} parameters
 */
function about(call, parameters) {
  const role = call['x-role'] === 'nobody' ? 'for anybody' : `for the role ${call['x-role']}`;
  const parts = [element('p', {}, [role, call.description].filter(Boolean).join('. '))];
  if (parameters.length > 0) {
    parts.push(element('h3', {}, 'Parameters'), element('dl', {}, ...parameters.flatMap((parameter) => [
      element('dt', {}, `${parameter.name}${parameter.required ? '' : '?'}: ${words(parameter.schema)}`),
      element('dd', {}, `in the ${parameter.in}${parameter.description ? `: ${parameter.description}` : ''}`),
    ])));
  }
  if (call.requestBody !== undefined) {
    parts.push(element('h3', {}, 'Body'), ...contents(call.requestBody.content));
  }
  parts.push(element('h3', {}, 'Answers'), element('dl', {}, ...Object.entries(call.responses).flatMap(
    ([status, reference]) => {
      const answer = whole(reference);
      const isProblem = reference.$ref !== undefined;
      return [
        element('dt', {}, status),
        element('dd', {}, answer.description, ...(isProblem ? [] : contents(answer.content))),
      ];
    })));
  return parts;
}

/**
 * Lets people try what changes nothing.
 *
 * @param {string} path
 * @param {string} server
 * @param {Parameter[]} parameters
 */
function trial(path, server, parameters) {
  const inputs = parameters.map((parameter) => {
    const input = /** @type {HTMLInputElement} */ (element('input', { name: parameter.name, autocomplete: 'off' }));
    input.required = parameter.required === true;
    return { parameter, input, label: element('label', {}, parameter.name, input) };
  });
  const output = element('pre', { tabindex: '0', 'aria-live': 'polite', hidden: '' });
  const form = element('form', {}, ...inputs.map(({ label }) => label), element('button', {}, 'Try it'), output);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    output.hidden = false;
    output.textContent = '…';
    output.textContent = await answer(path, server, inputs);
  });
  return form;
}

/**
 * @param {string} path
 * @param {string} server
 * @param {{parameter: Parameter, input: HTMLInputElement}[]} inputs
 */
async function answer(path, server, inputs) {
  /** @type {Record<string, string>} */
  const headers = {};
  const query = new URLSearchParams();
  let filled = path;
  for (const { parameter, input } of inputs) {
    if (parameter.in === 'path') {
      filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    } else if (input.value !== '' && parameter.in === 'query') {
      query.set(parameter.name, input.value);
    } else if (input.value !== '') {
      headers[parameter.name] = input.value;
    }
  }
  const token = byId('token', HTMLInputElement).value.trim();
  if (token !== '') {
    headers.Authorization = `Bearer ${token}`;
  }
  const base = new URL(server, documentUrl).href.replace(/\/$/, '');
  const search = query.toString() === '' ? '' : `?${query}`;
  try {
    const response = await fetch(`${base}${filled}${search}`, { headers });
    return `${response.status}\n${pretty(await response.text())}`;
  } catch (failure) {
    return `The server cannot be reached: ${failure}`;
  }
}

/** @param {string} text */
function pretty(text) {
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // not JSON: as it is
  }
  return shown.length > mostCharacters ? `${shown.slice(0, mostCharacters)}\n…` : shown;
}

/**
 * @param {string} path
 * @param {string} method
 * @param {Call} call
 * @param {string} server
 */
function describe(path, method, call, server) {
  const parameters = (call.parameters ?? []).map(whole);
  const isEndless = call.responses[200]?.content?.['text/event-stream'] !== undefined;
  const tries = method === 'get' && !isEndless ? [trial(path, server, parameters)] : [];
  return element('details', {},
    element('summary', {}, element('code', { class: 'method' }, method.toUpperCase()), element('code', {}, path),
      ` ${call.summary}`),
    element('div', { class: 'call' }, ...about(call, parameters), ...tries));
}

async function show() {
  const response = await fetch(documentUrl);
  if (!response.ok) {
    throw new Error(`openapi.json: ${response.status}`);
  }
  api = await response.json();
  byId('about', HTMLElement).textContent = api.info.description;
  for (const { name } of api.tags) {
    const calls = Object.entries(api.paths).flatMap(([path, operations]) => methods
      .filter((method) => operations[method]?.tags.includes(name))
      .map((method) => describe(path, method, operations[method], (operations.servers ?? api.servers)[0].url)));
    byId('calls', HTMLElement).append(element('h2', {}, name), ...calls);
  }
}

byId('who', HTMLElement).addEventListener('submit', (event) => event.preventDefault());
show().catch((failure) => {
  byId('about', HTMLElement).textContent = `The document cannot be loaded: ${failure.message}`;
});
