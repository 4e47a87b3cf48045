import { createHash } from 'node:crypto';
import { firstFile } from '../../../sandbox/multipart';
import { API_CLIENT_KEY, keyPair, openJwt, ourSide, startServer, type LoopbackServer } from './other-side';

const KEPT = { document_key: '494598fd-c226-4332-a500-591ae3884673', document_md5: 'd41d8cd98f00b204e9800998ecf8427e' };
const BYTES = Buffer.from('ffd8ff0d0a2d2d00ff', 'hex');
const IMAGE = { kind: 'jpeg', bytes: BYTES } as const;
const md5 = createHash('md5').update(BYTES).digest('hex');
const ours = keyPair();

let server: LoopbackServer;
beforeEach(async () => {
  server = await startServer(() => ({ body: JSON.stringify(KEPT) }));
});
afterEach(() => server.close());

describe('a document for QI', () => {
  it('is one file of a form, byte for byte, that names nobody', async () => {
    const answer = await ourSide({ baseUrl: server.baseUrl }).documents.keep(IMAGE, 2_000);
    expect(answer).toEqual({ kind: 'kept', key: KEPT.document_key, md5: KEPT.document_md5 });
    const [request] = server.requests;
    expect(`${request?.method} ${request?.url}`).toBe('POST /upload');
    expect(firstFile(request?.body ?? Buffer.alloc(0), request?.headers['content-type'] ?? '')).toEqual(BYTES);
    expect(request?.body.toString('latin1')).toContain('filename="document.jpg"');
  });

  it('is signed by its own bytes, not by those of the form', async () => {
    const signed = { baseUrl: server.baseUrl, signing: 'jwt-v2', privateKeyPem: ours.privatePem } as const;
    await ourSide(signed).documents.keep(IMAGE, 2_000);
    const token = openJwt(server.requests[0]?.headers.authorization ?? '', ours.publicKey);
    expect(JSON.parse(token ?? '{}')).toMatchObject({ payload_md5: md5, method: 'POST', uri: '/upload' });
  });

  it('is signed so in the older scheme too', async () => {
    const keys = { privateKeyPem: ours.privatePem, publicKeyPems: [keyPair().publicPem] };
    await ourSide({ baseUrl: server.baseUrl, signing: 'encoded-body-v1', ...keys }).documents.keep(IMAGE, 2_000);
    const [request] = server.requests;
    const token = request?.headers.authorization?.replace(`QIT ${API_CLIENT_KEY}:`, '') ?? '';
    const { signature } = JSON.parse(openJwt(token, ours.publicKey) ?? '{}') as { signature: string };
    const [method, hash, type, , endpoint] = signature.split('\n');
    expect([method, hash, type, endpoint]).toEqual([
      'POST',
      md5,
      request?.headers['content-type'],
      '/upload',
    ]);
  });

  it.each([
    [400, { description: 'Document of 529.982.247-25 is not an image' }, { kind: 'refused' }],
    [500, {}, { kind: 'failed', why: 'HTTP 500' }],
    [200, { document_key: 'x' }, { kind: 'failed' }],
  ])('answered %i is %j', async (status, body, expected) => {
    server.behave(() => ({ status, body: JSON.stringify(body) }));
    const answer = await ourSide({ baseUrl: server.baseUrl }).documents.keep(IMAGE, 2_000);
    expect(answer).toMatchObject(expected);
    expect(JSON.stringify(answer)).not.toContain('529.982');
  });
});
