import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

export const CLIENT = { id: 'arremate-tests', secret: 'the secret of the tests' };

/** How an ID token departs from what it should be. */
export interface Departure {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly issuer?: string;
  readonly audience?: string;
  readonly nonce?: string;
  readonly expiresIn?: string;
  /** Signed with a key that the provider does not publish. */
  readonly foreignKey?: boolean;
}

interface Grant {
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A small OpenID provider over HTTP: discovery, authorization code with PKCE, ES256 ID tokens. It checks its client strictly. */
export class OidcProvider {
  /** Who is signed in over there. */
  account: Readonly<Record<string, unknown>> = { sub: 'nobody' };
  departure: Departure = {};
  readonly #grants = new Map<string, Grant>();

  private constructor(
    private readonly server: Server,
    private readonly key: CryptoKey,
    private readonly foreignKey: CryptoKey,
    private readonly jwk: JWK,
  ) {}

  static async start(): Promise<OidcProvider> {
    const [{ privateKey, publicKey }, foreign] = await Promise.all([
      generateKeyPair('ES256'),
      generateKeyPair('ES256'),
    ]);
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const provider = new OidcProvider(server, privateKey, foreign.privateKey, jwk);
    server.on('request', (request, response) => {
      provider.#serve(request, response).catch(() => response.writeHead(500).end());
    });
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        json(200, {
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['ES256'],
        });
        return;
      case '/jwks':
        json(200, { keys: [this.jwk] });
        return;
      case '/authorize': {
        const back = this.#authorize(url.searchParams);
        response
          .writeHead(back === undefined ? 400 : 302, back === undefined ? {} : { location: back })
          .end();
        return;
      }
      case '/token': {
        const idToken = await this.#redeem(new URLSearchParams(await bodyOf(request)));
        if (idToken === undefined) json(400, { error: 'invalid_grant' });
        else json(200, { access_token: randomUUID(), token_type: 'Bearer', id_token: idToken });
        return;
      }
      default:
        response.writeHead(404).end();
    }
  }

  #authorize(query: URLSearchParams): string | undefined {
    const get = (name: string): string => query.get(name) ?? '';
    const isRight =
      get('client_id') === CLIENT.id &&
      get('response_type') === 'code' &&
      get('scope').split(' ').includes('openid') &&
      get('code_challenge_method') === 'S256' &&
      get('state').length >= 20 &&
      get('nonce').length >= 20;
    if (!isRight) return undefined;
    const code = randomUUID();
    this.#grants.set(code, {
      redirectUri: get('redirect_uri'),
      challenge: get('code_challenge'),
      nonce: get('nonce'),
      claims: this.account,
    });
    const back = new URL(get('redirect_uri'));
    back.searchParams.set('code', code);
    back.searchParams.set('state', get('state'));
    return back.href;
  }

  async #redeem(body: URLSearchParams): Promise<string | undefined> {
    const code = body.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight =
      grant !== undefined &&
      body.get('grant_type') === 'authorization_code' &&
      body.get('client_id') === CLIENT.id &&
      body.get('client_secret') === CLIENT.secret &&
      body.get('redirect_uri') === grant.redirectUri &&
      challenge === grant.challenge;
    if (!isRight) return undefined;
    const { claims, issuer, audience, nonce, expiresIn = '5m', foreignKey } = this.departure;
    return new SignJWT({ ...grant.claims, nonce: nonce ?? grant.nonce, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(issuer ?? this.issuer)
      .setAudience(audience ?? CLIENT.id)
      .setIssuedAt()
      .setExpirationTime(expiresIn)
      .sign(foreignKey === true ? this.foreignKey : this.key);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
