import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from '../src/kernel';
import { refusal, type Answer } from './answer';
import { answerControl } from './control';
import { takesEffect, type Fault } from './faults';
import { firstFile } from './multipart';
import { findRoute, type FoundRoute } from './routes';
import type { QiSandbox } from './sandbox';
import { open, seal } from './signing';

const MAX_BODY_BYTES = 1_048_576;
const MAX_UPLOAD_BYTES = 10 * 1_048_576;
const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

interface Call {
  readonly method: string;
  readonly url: URL;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly text: string;
  /** The file of an upload, which has no text. */
  readonly file: Buffer | undefined;
}

/** The sandbox over HTTP: QI's API, signed as configured, and the control of tests under /_control. */
export function createSandboxServer(sandbox: QiSandbox): Server {
  return createServer((incoming, outgoing) => {
    serve(sandbox, incoming, outgoing).catch((error: unknown) => {
      sandbox.log('internal_error', {
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end();
    });
  });
}

async function serve(sandbox: QiSandbox, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const method = incoming.method ?? 'GET';
  const url = new URL(incoming.url ?? '/', 'http://sandbox');
  const type = incoming.headers['content-type'] ?? '';
  const isUpload = type.startsWith('multipart/form-data');
  const bytes = await readBody(incoming, isUpload ? MAX_UPLOAD_BYTES : MAX_BODY_BYTES);
  if (bytes === undefined) {
    write(outgoing, 413, {}, '');
    return;
  }
  const file = isUpload ? firstFile(bytes, type) : undefined;
  const call = { method, url, incoming, outgoing, text: isUpload ? '' : bytes.toString(), file };
  if (url.pathname.startsWith('/_control/')) await serveControl(sandbox, call);
  else serveApi(sandbox, call);
}

async function serveControl(sandbox: QiSandbox, call: Call): Promise<void> {
  const json = { 'content-type': 'application/json' };
  if (!LOOPBACK.has(call.incoming.socket.remoteAddress ?? '')) {
    write(call.outgoing, 403, json, '{"error":"the control is for this machine only"}');
    return;
  }
  const { status, body } = await answerControl(sandbox, call.method, call.url, call.text);
  write(call.outgoing, status, json, stringifyJson(body));
}

function serveApi(sandbox: QiSandbox, call: Call): void {
  const { method, url } = call;
  const found = findRoute(method, url.pathname, sandbox.behaviour.contract);
  const message = {
    method,
    uri: url.pathname + url.search,
    body: call.text,
    ...(call.file === undefined ? {} : { file: call.file }),
    at: sandbox.timeline.now(),
  };
  const tolerance = sandbox.behaviour.contract.signature_tolerance_seconds;
  const opened = open(sandbox.identity, message, call.incoming.headers, tolerance);
  const operation = found?.route.operation ?? 'unknown';
  if (!opened.ok) {
    sandbox.log('call_refused', { operation, why: opened.why });
    finish(sandbox, call, operation, 'none', refusal(opened.status, opened.why, opened.code));
    return;
  }
  if (found === undefined) {
    finish(
      sandbox,
      call,
      operation,
      'none',
      refusal(404, `No endpoint ${method} ${url.pathname}`, 'QIT000404'),
    );
    return;
  }
  carryOut(sandbox, call, found, opened.body);
}

function carryOut(sandbox: QiSandbox, call: Call, { route, parameters }: FoundRoute, text: string): void {
  const body = objectFrom(text);
  if (body === undefined) {
    finish(sandbox, call, route.operation, 'none', refusal(400, 'The body is not a JSON object'));
    return;
  }
  const fault = sandbox.faultFor(route.operation, parameters[0] ?? '', body);
  const answer = takesEffect(fault)
    ? route.answer(sandbox, parameters, {
        body,
        query: call.url.searchParams,
        file: call.file,
        context: sandbox.contextOf(fault),
      })
    : refusal(503, 'Service unavailable', 'QIT000503');
  finish(sandbox, call, route.operation, fault, answer);
}

/** Answers as the fault has it: in full, differently, late, or not at all. */
function finish(sandbox: QiSandbox, call: Call, operation: string, fault: Fault, answer: Answer): void {
  const { outgoing } = call;
  const reply = (given: Answer, headers: Record<string, string> = {}): void => {
    enter(sandbox, call, operation, fault, given.status);
    const message = {
      method: call.method,
      uri: call.url.pathname + call.url.search,
      body: given.status === 204 ? '' : stringifyJson(given.body),
      at: sandbox.timeline.now(),
    };
    // Only the legacy scheme signs answers.
    const signs = sandbox.identity.scheme === 'encoded-body-v1';
    const sealed = signs
      ? seal(sandbox.identity, message)
      : { headers: { 'content-type': 'application/json' }, body: message.body };
    write(outgoing, given.status, { ...sealed.headers, ...headers }, sealed.body);
  };
  switch (fault) {
    case 'none':
    case 'error':
      reply(answer);
      return;
    case 'error_after_effect':
      reply(refusal(500, 'Internal error', 'QIT000500'));
      return;
    case 'too_many':
      reply(refusal(429, 'Too many requests', 'QIT000429'), { 'retry-after': '1' });
      return;
    case 'slow':
      sandbox.timeline.after(sandbox.behaviour.api.slow_seconds, () => {
        reply(answer);
      });
      return;
    case 'reset':
    case 'reset_after_effect':
      enter(sandbox, call, operation, fault, 'reset');
      call.incoming.socket.resetAndDestroy();
      return;
    case 'timeout_after_effect':
      enter(sandbox, call, operation, fault, 'no_answer');
      return;
  }
}

function enter(
  sandbox: QiSandbox,
  call: Call,
  operation: string,
  fault: Fault,
  answer: number | 'no_answer' | 'reset',
): void {
  const entry = {
    at: sandbox.timeline.now().toISOString(),
    operation,
    method: call.method,
    path: call.url.pathname + call.url.search,
    answer,
    fault: fault === 'none' ? null : fault,
  };
  sandbox.calls.add(entry, sandbox.behaviour.keep.calls);
  sandbox.log('call', {
    operation,
    path: call.url.pathname,
    answer,
    ...(entry.fault === null ? {} : { fault }),
  });
}

function write(
  outgoing: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string,
): void {
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
  outgoing.writeHead(status, { ...headers, ...length });
  outgoing.end(body);
}

/** The body; undefined when it is too large. */
async function readBody(incoming: IncomingMessage, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function objectFrom(text: string): JsonObject | undefined {
  if (text === '') return {};
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
