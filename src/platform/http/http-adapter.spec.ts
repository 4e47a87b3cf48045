import { connect, type AddressInfo } from 'node:net';
import { createHttpAdapter } from './http-adapter';
import { headersOf } from './response-headers';
import { readSettings } from '../settings';

const settings = readSettings({
  DATABASE_URL: 'postgres://u@127.0.0.1/x',
  ARREMATE_ENCRYPTION_KEY: Buffer.alloc(32, 3).toString('base64'),
  ARREMATE_PUBLIC_URL: 'https://arremate.example',
  PURCHASER_DOCUMENT_NUMBER: '11222333000181',
  QI_BASE_URL: 'http://127.0.0.1:9',
  QI_API_CLIENT_KEY: 'test',
  QI_SIGNING: 'none',
  QI_WEBHOOK_AUTH: 'none',
});

describe('what comes before there is a route to ask', () => {
  const fastify = createHttpAdapter(settings).getInstance();
  let port: number;
  beforeAll(async () => {
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    ({ port } = fastify.server.address() as AddressInfo);
  });
  afterAll(() => fastify.close());

  const answerTo = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      socket.once('error', reject);
      socket.once('close', () => {
        resolve(answer);
      });
    });

  it.each([
    ['no HTTP', 'hello?\r\n\r\n', 400],
    ['a header without end', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400],
  ])('%s is a problem with every header, and quotes nothing', async (_, bytes, status) => {
    const answer = await answerTo(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const guards = headersOf(settings);
    expect(guards['strict-transport-security']).toBe('max-age=31536000');
    for (const [name, value] of Object.entries(guards))
      expect(answer.toLowerCase()).toContain(`${name}: ${value}`);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('"urn:arremate:problem:');
    expect(answer).not.toContain('hello');
  });
});
