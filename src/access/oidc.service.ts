import { Inject, Injectable } from '@nestjs/common';
import * as openid from 'openid-client';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { MINUTE_MS, type Clock } from '../kernel';
import {
  AuditTrail,
  CLOCK,
  FieldCipher,
  LOGGER,
  NameResolver,
  SETTINGS,
  type Logger,
  type Settings,
} from '../platform';
import { Sessions } from './sessions.service';

const OIDC_CALLBACK_PATH = '/api/v1/session/oidc/callback';
/** How long somebody may take to sign in over there. */
export const OIDC_MINUTES = 10;
const PROVIDER_TIMEOUT_SECONDS = 10;

export type OidcOutcome =
  | { readonly kind: 'signed_in'; readonly secret: string }
  | { readonly kind: 'refused' | 'unavailable' | 'unknown_user' };

/** What must come back unchanged, so that the answer belongs to the question of this browser. */
const pendingSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  expires_at: z.iso.datetime(),
});

/**
 * Signing in at an identity provider: authorization code with PKCE, state and nonce, the ID token's signature checked.
 * Only users whom an administrator has made can come in: the first time by the verified e-mail address that is their
 * username, from then on by the account itself.
 */
@Injectable()
export class OidcSignIn {
  #configuration: Promise<openid.Configuration> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly cipher: FieldCipher,
    private readonly sessions: Sessions,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly names: NameResolver,
  ) {}

  get isConfigured(): boolean {
    return this.settings.OIDC_ISSUER !== undefined;
  }

  /** Where to send the browser, and what it has to keep meanwhile. @returns undefined when the provider is not there */
  async start(): Promise<{ readonly location: string; readonly pending: string } | undefined> {
    const [state, nonce, verifier] = [
      openid.randomState(),
      openid.randomNonce(),
      openid.randomPKCECodeVerifier(),
    ];
    try {
      const location = openid.buildAuthorizationUrl(await this.#provider(), {
        redirect_uri: this.#redirectUri,
        scope: 'openid email',
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const expiresAt = new Date(this.clock.now().getTime() + OIDC_MINUTES * MINUTE_MS);
      const pending = { state, nonce, verifier, expires_at: expiresAt.toISOString() };
      return { location: location.href, pending: this.#seal(JSON.stringify(pending)) };
    } catch (error) {
      this.logger.error({ err: error }, 'the identity provider does not answer');
      return undefined;
    }
  }

  /** @param query of the address the provider sent the browser back to */
  async finish(query: string, pendingText: string | undefined, address: string): Promise<OidcOutcome> {
    const pending = this.#open(pendingText);
    if (pending === undefined) return { kind: 'refused' };
    let claims: openid.IDToken | undefined;
    try {
      const answer = await openid.authorizationCodeGrant(
        await this.#provider(),
        new URL(`${this.#redirectUri}${query}`),
        {
          pkceCodeVerifier: pending.verifier,
          expectedState: pending.state,
          expectedNonce: pending.nonce,
          idTokenExpected: true,
        },
      );
      claims = answer.claims();
    } catch (error) {
      this.logger.warn({ err: error }, 'sign-in at the identity provider failed');
      return { kind: 'refused' };
    }
    return claims === undefined ? { kind: 'refused' } : this.#enter(claims, address);
  }

  #enter(claims: openid.IDToken, address: string): Promise<OidcOutcome> {
    const subject = `${claims.iss} ${claims.sub}`;
    const { email, email_verified: isVerified } = claims;
    const username = typeof email === 'string' && isVerified === true ? email.toLowerCase() : undefined;
    return this.dataSource.transaction(async (tx) => {
      type Found = { readonly id: string; readonly username: string };
      const [known] = await tx.query<Found[]>(
        // Until the session is there: whoever signs the user out everywhere ends it too.
        `SELECT id, username FROM app_user WHERE oidc_subject = $1 AND disabled_at IS NULL FOR SHARE`,
        [subject],
      );
      if (known !== undefined)
        return {
          kind: 'signed_in',
          secret: await this.sessions.start(tx, known, { method: 'oidc', address }),
        };
      const [[invited]] = await tx.query<[Found[], number]>(
        // An account at a provider that is no longer set up here leads nobody in any more: it gives way.
        `UPDATE app_user SET oidc_subject = $1
         WHERE username = $2 AND disabled_at IS NULL
           AND (oidc_subject IS NULL OR rtrim(split_part(oidc_subject, ' ', 1), '/') <> rtrim($3, '/'))
           AND NOT EXISTS (SELECT FROM app_user WHERE oidc_subject = $1)
         RETURNING id, username`,
        [subject, username ?? null, claims.iss],
      );
      if (invited === undefined) return { kind: 'unknown_user' };
      const secret = await this.sessions.start(tx, invited, { method: 'oidc', address });
      const actor = `user:${invited.username}`;
      await this.audit.record(tx, { actor, action: 'user.oidc_linked', subject: `user ${invited.username}` });
      return { kind: 'signed_in', secret };
    });
  }

  get #redirectUri(): string {
    return `${this.settings.ARREMATE_PUBLIC_URL}${OIDC_CALLBACK_PATH}`;
  }

  /** Read once; a failure is not remembered. */
  #provider(): Promise<openid.Configuration> {
    this.#configuration ??= this.#discover().catch((error: unknown) => {
      this.#configuration = undefined;
      throw error;
    });
    return this.#configuration;
  }

  async #discover(): Promise<openid.Configuration> {
    const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = this.settings;
    if (OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined)
      throw new Error('no identity provider is configured');
    const configuration = await openid.discovery(
      new URL(OIDC_ISSUER),
      OIDC_CLIENT_ID,
      OIDC_CLIENT_SECRET,
      undefined,
      {
        timeout: PROVIDER_TIMEOUT_SECONDS,
        [openid.customFetch]: (url, { body, ...options }) =>
          this.names.fetch(url, { ...options, ...(body !== undefined && { body }) }),
        // Plain http passes the settings for a loopback address alone.
        // oxlint-disable-next-line typescript/no-deprecated -- deprecated to make it stand out, which it does
        ...(OIDC_ISSUER.startsWith('http:') && { execute: [openid.allowInsecureRequests] }),
      },
    );
    openid.enableNonRepudiationChecks(configuration);
    return configuration;
  }

  #seal(text: string): string {
    const { keyId, ciphertext } = this.cipher.encrypt(text, 'oidc cookie', '');
    return `${keyId}~${ciphertext.toString('base64url')}`;
  }

  #open(text: string | undefined): z.infer<typeof pendingSchema> | undefined {
    const [keyId = '', ciphertext = ''] = (text ?? '').split('~');
    try {
      const sealed = { keyId, ciphertext: Buffer.from(ciphertext, 'base64url') };
      const plain = this.cipher.decrypt(sealed, 'oidc cookie', '');
      const pending = pendingSchema.parse(JSON.parse(plain.toString('utf8')));
      return new Date(pending.expires_at) > this.clock.now() ? pending : undefined;
    } catch {
      return undefined; // not ours, or altered
    }
  }
}
