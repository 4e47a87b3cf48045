import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Clock } from '../kernel';
import { AuditTrail, changedMeanwhile, CLOCK, FieldCipher, ProblemException, type Actor } from '../platform';
import type { MailServer } from './mail-sender';
import type { MailServerBody } from './mail-server.dto';

const ID = 'mail';
const PLACE = 'mail_server.password_ciphertext';
const FIELDS = ['host', 'port', 'security', 'sender', 'username', 'password'] as const;

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

  find(): Promise<MailServerRow | undefined> {
    return this.#find(this.dataSource.manager);
  }

  /** With its password, for whoever sends. */
  async toSendBy(): Promise<MailServer | undefined> {
    const row = await this.find();
    return row && this.#opened(row);
  }

  /**
   * A password that is left out stays, if the server and the name do: it is given to nobody else.
   * @throws ProblemException 409 where it is no longer the one that whoever changes it saw
   */
  async set({ changed_at_seen: seen, ...body }: MailServerBody, by: Actor): Promise<void> {
    const { host, port, security, sender, username } = body;
    await this.dataSource.transaction(async (tx) => {
      await tx.query(`LOCK TABLE mail_server IN SHARE ROW EXCLUSIVE MODE`);
      const row = await this.#find(tx);
      const before = row && this.#opened(row);
      const isSameDoor = before?.host === host && before.port === port && before.username === username;
      const password = body.password ?? (isSameDoor ? before.password : '');
      const wished: MailServer = { host, port, security, sender, username, password };
      // The same again, after an answer that was lost, takes nothing from anybody.
      if (seen !== undefined && !isSameMoment(seen, row?.changed_at) && !isSame(before, wished))
        throw changedMeanwhile(
          'O servidor de e-mail mudou desde que foi lido: abra de novo e confira o que vale agora',
        );
      if (username !== '' && password === '')
        throw new ProblemException(422, {
          type: 'invalid',
          title: 'The request is not valid',
          errors: [{ path: 'password', message: 'is required for this server and name' }],
        });
      await this.#store(tx, wished, by);
    });
  }

  async #store(tx: EntityManager, server: MailServer, by: Actor): Promise<void> {
    const { host, port, security, sender, username, password } = server;
    const sealed = this.cipher.encrypt(password, PLACE, ID);
    await tx.query(
      `INSERT INTO mail_server (id, host, port, security, sender, username, password_key_id, password_ciphertext,
         changed_by, changed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (id) DO UPDATE SET host = $2, port = $3, security = $4, sender = $5, username = $6,
         password_key_id = $7, password_ciphertext = $8, changed_by = $9, changed_at = $10`,
      [ID, host, port, security, sender, username, sealed.keyId, sealed.ciphertext, by.id, this.clock.now()],
    );
    await this.audit.record(tx, {
      actor: by.id,
      action: 'mail_server.changed',
      subject: 'mail server',
      details: { host, port: String(port), security, sender },
    });
  }

  async #find(sql: Pick<EntityManager, 'query'>): Promise<MailServerRow | undefined> {
    const [row] = await sql.query<MailServerRow[]>(`SELECT * FROM mail_server`);
    return row;
  }

  #opened(row: MailServerRow): MailServer {
    const { host, port, security, sender, username } = row;
    const sealed = { keyId: row.password_key_id, ciphertext: row.password_ciphertext };
    const password = this.cipher.decrypt(sealed, PLACE, ID).toString();
    return { host, port, security, sender, username, password };
  }
}

function isSameMoment(seen: string | null, now: Date | undefined): boolean {
  return seen === null ? now === undefined : now?.getTime() === Date.parse(seen);
}

function isSame(one: MailServer | undefined, other: MailServer): boolean {
  return one !== undefined && FIELDS.every((field) => one[field] === other[field]);
}
