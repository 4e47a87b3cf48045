import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came. */
  readonly text: string;
  /** Name and password it was handed in with. */
  readonly login: string | undefined;
}

interface Conversation {
  from: string;
  to: string[];
  login: string | undefined;
  lines: string[] | undefined;
}

const GREETING = '220 mail.example ESMTP';

/** Somebody else's mail server, by its own reading of RFC 5321: it takes mail after a login, or refuses as it is told. */
export class SmtpServer {
  readonly received: ReceivedMail[] = [];
  /** What a recipient is answered; undefined: taken. */
  refusal: (recipient: string) => string | undefined = () => undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<SmtpServer> {
    const server = createServer();
    const smtp = new SmtpServer(server);
    server.on('connection', (socket) => {
      smtp.talk(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return smtp;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private talk(socket: Socket): void {
    this.sockets.add(socket);
    const state: Conversation = { from: '', to: [], login: undefined, lines: undefined };
    let rest = '';
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const answer = this.answer(line, state);
        if (answer !== undefined) socket.write(`${answer}\r\n`);
        if (answer?.startsWith('221') === true) socket.end();
      }
    });
    socket.write(`${GREETING}\r\n`);
  }

  private answer(line: string, state: Conversation): string | undefined {
    if (state.lines !== undefined) return this.take(line, state, state.lines);
    const [, verb = '', rest = ''] = /^(\w+) ?(.*)$/.exec(line) ?? [];
    switch (verb.toUpperCase()) {
      case 'EHLO':
        return '250-mail.example\r\n250 AUTH PLAIN';
      case 'AUTH':
        state.login = Buffer.from(rest.replace(/^PLAIN /, ''), 'base64')
          .toString()
          .slice(1)
          .replace('\0', ':');
        return '235 welcome';
      case 'MAIL':
        state.from = /<([^>]*)>/.exec(rest)?.[1] ?? '';
        return '250 ok';
      case 'RCPT':
        return this.takeRecipient(/<([^>]*)>/.exec(rest)?.[1] ?? '', state);
      case 'DATA':
        state.lines = [];
        return '354 go on';
      case 'QUIT':
        return '221 bye';
      default:
        return '250 ok';
    }
  }

  private takeRecipient(recipient: string, state: Conversation): string {
    const refusal = this.refusal(recipient);
    if (refusal === undefined) state.to.push(recipient);
    return refusal ?? '250 ok';
  }

  private take(line: string, state: Conversation, lines: string[]): string | undefined {
    if (line !== '.') {
      lines.push(line.replace(/^\./, ''));
      return undefined;
    }
    const { from, to, login } = state;
    this.received.push({ from, to, login, text: lines.join('\n') });
    state.lines = undefined;
    return '250 taken';
  }
}
