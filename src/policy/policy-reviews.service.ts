import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Clock } from '../kernel';
import { AuditTrail, CLOCK, type Actor } from '../platform';
import { PoliciesReader, type PolicyDifference } from './policies-reader.service';
import { done, type Outcome } from './policy-refusal';
import type { CommentBody, PolicyReviewView } from './policy-review.dto';
import { findVersion, lockVersion, type PolicyRow } from './policy-row';

const MAX_COMMENTS = 500;

interface CommentRow {
  readonly id: string;
  readonly hash: string;
  readonly path: string;
  readonly answer_to: string | null;
  readonly author: string;
  readonly written_at: Date;
  readonly body: string;
}

interface OpeningRow {
  readonly actor: string;
  readonly opened_at: Date;
}

/**
 * An opening counts when it was held against the version in force, now or when this one was approved: that is what it
 * replaces. Against itself nothing differs.
 */
const OPENED = `
  SELECT o.actor, min(o.opened_at) AS opened_at
  FROM policy_diff_opening o JOIN policy_version v USING (number, hash)
  WHERE o.number = $1 AND o.hash = $2 AND o.against <> o.number
    AND o.against = (SELECT number FROM policy_activation
                     WHERE activated_at <= coalesce(v.approved_at, 'infinity') ORDER BY id DESC LIMIT 1)
  GROUP BY o.actor ORDER BY opened_at, actor`;

/** What the second pair of eyes saw of a version, and what was said about it, line by line. */
@Injectable()
export class PolicyReviews {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reader: PoliciesReader,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Notes that somebody was given a difference. Of a draft it means nothing: what it says still changes. */
  async opened({ before, after }: PolicyDifference, actor: Actor): Promise<void> {
    if (after.state === 'draft') return;
    await this.dataSource.query(
      `INSERT INTO policy_diff_opening (number, hash, against, actor, opened_at)
       SELECT number, $2, $3, $4, $5 FROM policy_version WHERE number = $1 ON CONFLICT DO NOTHING`,
      [after.number, after.hash, before, actor.id, this.clock.now()],
    );
  }

  /** When this person was first given the difference of exactly this content. */
  async openedAt(tx: EntityManager, row: PolicyRow, actor: Actor): Promise<Date | undefined> {
    const openings = await openingsOf(tx, row);
    return openings.find((opening) => opening.actor === actor.id)?.opened_at;
  }

  async read(number: number, actor: Actor): Promise<Outcome<z.output<typeof PolicyReviewView.schema>>> {
    const tx = this.dataSource.manager;
    const row = await findVersion(tx, number);
    if (row === undefined) return unknownVersion(number);
    const [openings, comments] = await Promise.all([openingsOf(tx, row), commentsOf(tx, number)]);
    const yours = openings.find((opening) => opening.actor === actor.id);
    const { approver, approved_at: at } = row;
    return done({
      change_note: row.change_note,
      opened: openings.map((one) => ({ actor: one.actor, opened_at: one.opened_at.toISOString() })),
      opened_by_you_at: yours?.opened_at.toISOString() ?? null,
      approval:
        approver === null || at === null
          ? null
          : { approver, approved_at: at.toISOString(), unseen: row.approved_unseen },
      comments: comments
        .filter(({ answer_to: question }) => question === null)
        .map((comment) => ({
          ...viewComment(comment),
          path: comment.path,
          is_about_this_content: comment.hash === row.hash,
          answers: comments.filter(({ answer_to: question }) => question === comment.id).map(viewComment),
        })),
    });
  }

  /** Says something about a version, a line of its difference, or what somebody else said. */
  async comment(number: number, said: CommentBody, actor: Actor): Promise<Outcome<null>> {
    const lines = await this.#linesOf(number);
    if (lines.kind !== 'done') return lines;
    return this.dataSource.transaction(async (tx): Promise<Outcome<null>> => {
      const row = await lockVersion(tx, number);
      if (row === undefined) return unknownVersion(number);
      const comments = await commentsOf(tx, number);
      if (comments.length >= MAX_COMMENTS) return { kind: 'too_many_comments', most: MAX_COMMENTS };
      const question = comments.find(({ id }) => id === said.answer_to);
      if (said.answer_to !== undefined && question?.answer_to !== null) return { kind: 'no_such_comment' };
      const path = question?.path ?? said.path;
      const isLine = path === '' || lines.value.has(path);
      if (question === undefined && !isLine) return { kind: 'no_such_line', path };
      const [written] = await tx.query<{ id: string }[]>(
        `INSERT INTO policy_comment (number, hash, path, answer_to, author, written_at, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
        [number, row.hash, path, question?.id ?? null, actor.id, this.clock.now(), said.body],
      );
      await this.audit.record(tx, {
        actor: actor.id,
        action: 'policy.commented',
        subject: `policy:${String(number)}`,
        details: { hash: row.hash, path, comment: String(written?.id) },
      });
      return done(null);
    });
  }

  /** The lines of its difference, since its origin and from what is in force: people read either. */
  async #linesOf(number: number): Promise<Outcome<ReadonlySet<string>>> {
    const { number: inForce } = await this.reader.active();
    const sinceOrigin = await this.reader.diff(number, undefined);
    const fromInForce = await this.reader.diff(number, inForce);
    if (sinceOrigin.kind !== 'done') return sinceOrigin;
    if (fromInForce.kind !== 'done') return fromInForce;
    return done(
      new Set([...sinceOrigin.value.changes, ...fromInForce.value.changes].map(({ path }) => path)),
    );
  }
}

function unknownVersion(number: number): Outcome<never> {
  return { kind: 'not_found', what: `versão ${String(number)}` };
}

function openingsOf(tx: EntityManager, { number, hash }: PolicyRow): Promise<OpeningRow[]> {
  return tx.query(OPENED, [number, hash]);
}

function commentsOf(tx: EntityManager, number: number): Promise<CommentRow[]> {
  return tx.query(
    `SELECT id, hash, path, answer_to, author, written_at, body FROM policy_comment WHERE number = $1 ORDER BY id`,
    [number],
  );
}

function viewComment({ id, author, written_at: at, body }: CommentRow) {
  return { id, author, written_at: at.toISOString(), body };
}
