import dns from 'node:dns';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { NameServer } from '../../test/support/name-server';
import { NameResolver } from '../platform';
import { WebhookSender } from './webhook-sender';

describe('sending a webhook', () => {
  let server: Server;
  let url: string;
  let hits: string[];
  beforeEach(async () => {
    hits = [];
    server = createServer((request, response) => {
      hits.push(request.url ?? '');
      if (request.url === '/redirect') response.writeHead(307, { location: '/target' }).end();
      else if (request.url === '/endless') {
        response.writeHead(200);
        const write = (): void => {
          if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(write));
        };
        write();
      } else if (request.url === '/trickling') response.writeHead(200).write('x');
      else if (request.url !== '/mute') response.writeHead(202).end('taken');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const sender = (allowLoopback: boolean, names = new NameResolver()) =>
    new WebhookSender({ timeoutMs: 2_000, maxAnswerBytes: 100_000, allowLoopback }, names);
  const send = (to: string, allowLoopback = true) =>
    sender(allowLoopback).send({ url: to, headers: { 'content-type': 'application/json' }, body: '{"ç":1}' });

  it('tells the status and nothing else', async () => {
    expect(await send(`${url}/ok`)).toEqual({ kind: 'answered', httpStatus: 202 });
  });

  it('follows no redirect', async () => {
    expect(await send(`${url}/redirect`)).toEqual({ kind: 'answered', httpStatus: 307 });
    expect(hits).toEqual(['/redirect']);
  });

  it('gives up on one that does not answer, and on a body that does not end', async () => {
    expect(await send(`${url}/mute`)).toEqual({ kind: 'no_answer', error: 'timeout' });
    expect(await send(`${url}/endless`)).toEqual({ kind: 'answered', httpStatus: 200 });
  });

  it('keeps no connection to one whose body does not end', async () => {
    let [open, mostOpen] = [0, 0];
    server.on('connection', (socket) => {
      mostOpen = Math.max(mostOpen, (open += 1));
      socket.on('close', () => (open -= 1));
    });
    for (let sent = 0; sent < 6; sent += 1) {
      expect(await send(`${url}/trickling`)).toEqual({ kind: 'answered', httpStatus: 200 });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(mostOpen).toBeLessThanOrEqual(2);
  });

  it('never connects to this machine unless it is allowed to, by address or by name', async () => {
    expect(await send(`${url}/ok`, false)).toEqual({ kind: 'no_answer', error: 'not_https' });
    const { port } = server.address() as AddressInfo;
    expect(await send(`https://127.0.0.1:${port}/ok`, false)).toEqual({
      kind: 'no_answer',
      error: 'address_not_allowed',
    });
    // A name that passes every check of its text and resolves to this machine.
    expect(await send(`https://localhost:${port}/ok`, false)).toEqual({
      kind: 'no_answer',
      error: 'address_not_allowed',
    });
    expect(hits).toEqual([]);
  });

  it('says what the network said', async () => {
    const { port } = server.address() as AddressInfo;
    expect(await send(`https://127.0.0.1:${port}/ok`)).toEqual({
      kind: 'no_answer',
      error: expect.stringMatching(/SSL|EPROTO|ECONNRESET/) as string,
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await send(`${url}/ok`)).toEqual({ kind: 'no_answer', error: 'ECONNREFUSED' });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  it('ends where the other side would go on in another protocol', async () => {
    const switching = createTcpServer((socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
      );
    });
    await new Promise<void>((resolve) => switching.listen(0, '127.0.0.1', resolve));
    const { port } = switching.address() as AddressInfo;
    expect(await send(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'answered', httpStatus: 101 });
    await new Promise((resolve) => switching.close(resolve));
  });

  it('finds a name without the threads in which the names of QI and the database are looked up', async () => {
    const nameServer = await NameServer.start({ 'partner.example': '127.0.0.1' });
    const everWaiting = jest.spyOn(dns, 'lookup').mockImplementation(() => undefined);
    const { port } = server.address() as AddressInfo;
    const connected = new Promise((resolve) => server.once('connection', resolve));
    const names = new NameResolver({ servers: [nameServer.address] });
    const post = (allowLoopback: boolean) =>
      sender(allowLoopback, names).send({
        url: `https://partner.example:${port}/`,
        headers: {},
        body: '{}',
      });
    // Whoever is connected to speaks no TLS here.
    expect(await post(true)).toEqual({
      kind: 'no_answer',
      error: expect.stringMatching(/SSL|EPROTO|ECONNRESET/) as string,
    });
    await connected;
    expect(await post(false)).toEqual({ kind: 'no_answer', error: 'address_not_allowed' });
    everWaiting.mockRestore();
    await nameServer.stop();
  });
});
