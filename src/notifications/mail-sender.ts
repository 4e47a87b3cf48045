import { connect, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { codeOf } from '../kernel';
import type { NameResolver } from '../platform';
import type { SendResult } from './webhook-sender';

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  readonly sender: string;
  /** Empty: without signing in. */
  readonly username: string;
  readonly password: string;
}

export interface OutgoingMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The same in every repetition, so that a mail that came twice can be told. */
  readonly messageId: string;
}

/** SMTP answers with 250 when it takes a message. */
export const TAKEN_BY_ALL: SendResult = { kind: 'answered', httpStatus: 250 };

/** Hands one mail to a server, in a connection of its own, within a time. Never throws. */
export async function sendMail(
  server: MailServer,
  mail: OutgoingMail,
  timeoutMs: number,
  names: NameResolver,
): Promise<SendResult> {
  const { host, port, security, sender, username, password } = server;
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    auth: username === '' ? undefined : { user: username, pass: password },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Its own lookup of a name that no name server answers for takes a thread as Node's does.
    getSocket: (_, done) => {
      connectTo(server, timeoutMs, names).then((connection) => {
        done(null, { connection });
      }, done);
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { rejected, rejectedErrors = [] } = await transport.sendMail({ from: sender, ...mail });
    if (rejected.length === 0) return TAKEN_BY_ALL;
    const refused = new Set(rejected.map((recipient) => recipient.toLowerCase()));
    const takenBy = mail.to.filter((recipient) => !refused.has(recipient.toLowerCase()));
    return { kind: 'no_answer', error: failureCode(rejectedErrors[0]), takenBy };
  } catch (error) {
    return { kind: 'no_answer', error: failureCode(error) };
  } finally {
    transport.close();
  }
}

function connectTo({ host, port }: MailServer, timeoutMs: number, names: NameResolver): Promise<Socket> {
  return new Promise((connected, failed) => {
    const socket = connect({ host, port, lookup: names.lookup(), timeout: timeoutMs });
    socket.once('error', failed);
    socket.once('timeout', () => {
      socket.destroy(Object.assign(new Error('the mail server does not answer'), { code: 'ETIMEDOUT' }));
    });
    socket.once('connect', () => {
      socket.removeAllListeners('timeout').removeListener('error', failed).setTimeout(0);
      connected(socket);
    });
  });
}

/** SMTP_550, or what nodemailer calls it (EAUTH, ETIMEDOUT); never the server's own words. */
function failureCode(error: unknown): string {
  const { responseCode } = (error ?? {}) as { readonly responseCode?: unknown };
  if (typeof responseCode === 'number') return `SMTP_${String(responseCode)}`;
  return codeOf(error) ?? 'failed';
}
