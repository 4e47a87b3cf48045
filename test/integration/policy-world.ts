import { readFileSync } from 'node:fs';
import { backtested } from '../support/backtested';
import type { AccessWorld, Answer, Call } from './access-world';

type Json = Record<string, unknown>;

/** The policy of the product as plain JSON, with a name of its own. */
export function policyNamed(name: string, changes: Json = {}): Json {
  const seed = JSON.parse(readFileSync('config/policies/default.json', 'utf8')) as Json;
  return { ...seed, name, ...changes };
}

/** An author and an approver at work on policies, over HTTP. */
export class PolicyDesk {
  private constructor(
    readonly world: AccessWorld,
    readonly author: Call,
    readonly valueAuthor: Call,
    readonly approver: Call,
    readonly otherApprover: Call,
    /** May do everything, and so must not do everything. */
    readonly both: Call,
  ) {}

  static async in(world: AccessWorld): Promise<PolicyDesk> {
    const [author, valueAuthor, approver, other, both] = await Promise.all(
      [
        ['policy_author'],
        ['policy_value_author'],
        ['policy_approver'],
        ['policy_approver'],
        ['policy_author', 'policy_approver'],
      ].map(async (roles) => world.as(await world.tokenFor(...roles))),
    );
    if (!author || !valueAuthor || !approver || !other || !both)
      throw new Error('five callers were asked for');
    return new PolicyDesk(world, author, valueAuthor, approver, other, both);
  }

  /** A draft with this document. @returns its number and ETag */
  async draft(document: Json, call = this.author): Promise<{ path: string; etag: string; number: number }> {
    const created = await call('POST', '/api/v1/policies', {});
    if (created.status !== 201) throw new Error(JSON.stringify(created.body));
    const path = `/api/v1/policies/${String(created.body['number'])}`;
    const saved = await call('PUT', path, { document }, { 'if-match': String(created.headers['etag']) });
    if (saved.status !== 200) throw new Error(JSON.stringify(saved.body));
    return { path, etag: String(saved.headers['etag']), number: Number(created.body['number']) };
  }

  async approved(document: Json): Promise<{ path: string; etag: string; number: number }> {
    const draft = await this.draft(document);
    await this.author('POST', `${draft.path}/submit`);
    const approved = await this.approver('POST', `${draft.path}/approve`, undefined, {
      'if-match': draft.etag,
    });
    if (approved.status !== 200) throw new Error(JSON.stringify(approved.body));
    return draft;
  }

  activate(path: string, reason = 'teste', call = this.approver): Promise<Answer> {
    return call('POST', `${path}/activate`, { reason });
  }

  /** Of everything there is; of exactly the version with this ETag. */
  backtested(etag: string): Promise<void> {
    return backtested(this.world.dataSource, etag.replaceAll('"', ''), new Date());
  }
}
