import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

const TYPE_A = 1;
const NO_SUCH_NAME = 3;

/** A name server by its own reading of RFC 1035: it knows IPv4 addresses, no other name, and of some it says nothing. */
export class NameServer {
  /** How often it was asked for a name's IPv4 address. */
  readonly asked: string[] = [];

  private constructor(
    private readonly socket: Socket,
    private readonly known: Readonly<Record<string, string>>,
  ) {}

  static async start(known: Readonly<Record<string, string>>): Promise<NameServer> {
    const socket = createSocket('udp4');
    const server = new NameServer(socket, known);
    socket.on('message', (question, from) => {
      server.answer(question, from);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.socket.close(resolve));
  }

  private answer(question: Buffer, { port, address }: RemoteInfo): void {
    const labels: string[] = [];
    let at = 12;
    for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
      labels.push(question.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const name = labels.join('.').toLowerCase();
    const isForIpv4 = question.readUInt16BE(at + 1) === TYPE_A;
    if (isForIpv4) this.asked.push(name);
    const found = this.known[name];
    if (found === 'silent') return;
    const answers = found !== undefined && isForIpv4 ? [recordOf(found)] : [];
    const head = Buffer.alloc(12);
    question.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | (found === undefined ? NO_SUCH_NAME : 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length, 6);
    this.socket.send(Buffer.concat([head, question.subarray(12, at + 5), ...answers]), port, address);
  }
}

/** Of the name that was asked for, for no time. */
function recordOf(ipv4: string): Buffer {
  return Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...ipv4.split('.').map(Number)]);
}
