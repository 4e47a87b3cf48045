import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Clock } from '../kernel';
import { AuditTrail, CLOCK, FieldCipher, ProblemException, type Actor } from '../platform';
import type { MailServer } from './mail-sender';
import type { MailServerBody } from './mail-server.dto';

const ID = 'mail';
const PLACE = 'mail_server.password_ciphertext';

interface MailServerRow extends Omit<MailServer, 'password'> {
  readonly password_key_id: string;
  readonly password_ciphertext: Buffer;
  readonly changed_by: string;
  readonly changed_at: Date;
}

/** Which server takes our mail; there is one at most. Its password is stored encrypted and never shown. */
@Injectable()
export class MailServers {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async find(): Promise<MailServerRow | undefined> {
    const [row] = await this.dataSource.query<MailServerRow[]>(`SELECT * FROM mail_server`);
    return row;
  }

  /** With its password, for whoever sends. */
  async toSendBy(): Promise<MailServer | undefined> {
    const row = await this.find();
    if (row === undefined) return undefined;
    const { host, port, security, sender, username } = row;
    const sealed = { keyId: row.password_key_id, ciphertext: row.password_ciphertext };
    return {
      host,
      port,
      security,
      sender,
      username,
      password: this.cipher.decrypt(sealed, PLACE, ID).toString(),
    };
  }

  /** A password that is left out stays, if the server and the name do: it is given to nobody else. */
  async set(body: MailServerBody, by: Actor): Promise<void> {
    const { host, port, security, sender, username } = body;
    const before = await this.toSendBy();
    const isSameDoor = before?.host === host && before.port === port && before.username === username;
    const password = body.password ?? (isSameDoor ? before.password : '');
    if (username !== '' && password === '')
      throw new ProblemException(422, {
        type: 'invalid',
        title: 'The request is not valid',
        errors: [{ path: 'password', message: 'is required for this server and name' }],
      });
    const sealed = this.cipher.encrypt(password, PLACE, ID);
    await this.dataSource.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO mail_server (id, host, port, security, sender, username, password_key_id, password_ciphertext,
           changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (id) DO UPDATE SET host = $2, port = $3, security = $4, sender = $5, username = $6,
           password_key_id = $7, password_ciphertext = $8, changed_by = $9, changed_at = $10`,
        [
          ID,
          host,
          port,
          security,
          sender,
          username,
          sealed.keyId,
          sealed.ciphertext,
          by.id,
          this.clock.now(),
        ],
      );
      await this.audit.record(tx, {
        actor: by.id,
        action: 'mail_server.changed',
        subject: 'mail server',
        details: { host, port: String(port), security, sender },
      });
    });
  }
}
