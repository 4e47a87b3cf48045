import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { hasCode, type Clock } from '../../kernel';
import { checkAsSeen, checkValuesAsSeen, CLOCK, ProblemException, type Actor } from '../../platform';

export const MAX_DASHBOARDS = 50;
export const MAX_VIEWS_ON_DASHBOARD = 12;

export interface DashboardRow {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly is_shared: boolean;
}

export interface PlacedView {
  readonly id: string;
  readonly name: string;
  readonly query: string;
}

export interface WrittenDashboard {
  readonly name: string;
  readonly is_shared: boolean;
  /** Views of the owner, in their order. */
  readonly view_ids: readonly string[];
}

/** With what stood there when another was chosen, by whoever says so. */
interface DashboardChange extends WrittenDashboard {
  readonly seen?:
    | { readonly [Part in keyof WrittenDashboard]?: WrittenDashboard[Part] | undefined }
    | undefined;
}

const CHANGED = 'O painel mudou desde que foi lido: confira como está e mude de novo';
const COLUMNS = 'id, name, owner, is_shared';
const UNIQUE_VIOLATION = '23505';

/** Views of figures side by side, under a name. Its owner alone changes one; a shared one is read by everybody. */
@Injectable()
export class Dashboards {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Of the caller and shared ones, by name. */
  list(actor: Actor): Promise<DashboardRow[]> {
    return this.dataSource.query<DashboardRow[]>(
      `SELECT ${COLUMNS} FROM dashboard WHERE owner = $1 OR is_shared ORDER BY name, id LIMIT 500`,
      [actor.id],
    );
  }

  async find(id: string, actor: Actor): Promise<(DashboardRow & { views: PlacedView[] }) | undefined> {
    const [found] = await this.dataSource.query<DashboardRow[]>(
      `SELECT ${COLUMNS} FROM dashboard WHERE id = $1 AND (owner = $2 OR is_shared)`,
      [id, actor.id],
    );
    return found && { ...found, views: await this.#viewsOf(id) };
  }

  /** @throws ProblemException 409 for a name of another one of theirs or one too many, 422 for a view that is not theirs */
  create(written: WrittenDashboard, actor: Actor): Promise<string> {
    return this.#write(async (tx) => {
      const id = randomUUID();
      const [stored] = await tx.query<{ id: string }[]>(
        `INSERT INTO dashboard (id, owner, name, is_shared, created_at) SELECT $1, $2::text, $3, $4, $5
         WHERE (SELECT count(*) FROM dashboard WHERE owner = $2) < ${String(MAX_DASHBOARDS)} RETURNING id`,
        [id, actor.id, written.name, written.is_shared, this.clock.now()],
      );
      if (stored === undefined)
        throw new ProblemException(409, {
          type: 'too_many',
          title: `Cada pessoa tem até ${String(MAX_DASHBOARDS)} painéis: apague um antes`,
        });
      await this.#place(tx, id, written.view_ids, actor);
      return id;
    });
  }

  /**
   * Its owner may have it open twice: what one page did is not undone by the other.
   * @returns whether there is one of the caller's; @throws as `create` does, and 409 where it is not the one seen
   */
  change(id: string, { seen, ...written }: DashboardChange, actor: Actor): Promise<boolean> {
    return this.#write(async (tx) => {
      const [before] = await tx.query<DashboardRow[]>(
        `SELECT ${COLUMNS} FROM dashboard WHERE id = $1 AND owner = $2 FOR UPDATE`,
        [id, actor.id],
      );
      if (before === undefined) return false;
      const { view_ids: viewsSeen, ...valuesSeen } = seen ?? {};
      const views = (await this.#viewsOf(id, tx)).map((view) => view.id);
      checkAsSeen({ seen: viewsSeen, now: views, wished: written.view_ids }, CHANGED);
      checkValuesAsSeen({ seen: valuesSeen, now: { ...before }, wished: { ...written } }, CHANGED);
      await tx.query(`UPDATE dashboard SET name = $2, is_shared = $3 WHERE id = $1`, [
        id,
        written.name,
        written.is_shared,
      ]);
      await tx.query(`DELETE FROM dashboard_view WHERE dashboard_id = $1`, [id]);
      await this.#place(tx, id, written.view_ids, actor);
      return true;
    });
  }

  async remove(id: string, actor: Actor): Promise<void> {
    await this.dataSource.query(`DELETE FROM dashboard WHERE id = $1 AND owner = $2`, [id, actor.id]);
  }

  #viewsOf(id: string, sql: Pick<EntityManager, 'query'> = this.dataSource): Promise<PlacedView[]> {
    return sql.query<PlacedView[]>(
      `SELECT v.id, v.name, v.query FROM dashboard_view JOIN saved_view v ON v.id = view_id
       WHERE dashboard_id = $1 ORDER BY place`,
      [id],
    );
  }

  async #place(tx: EntityManager, id: string, views: readonly string[], actor: Actor): Promise<void> {
    const placed = await tx.query<unknown[]>(
      `INSERT INTO dashboard_view (dashboard_id, place, view_id)
       SELECT $1, place, v.id FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (id, place)
       JOIN saved_view v ON v.id = wanted.id AND v.owner = $3 AND v.page = 'explore' RETURNING place`,
      [id, views, actor.id],
    );
    if (placed.length < views.length)
      throw new ProblemException(422, {
        type: 'invalid',
        title: 'Uma das visões não existe mais',
        errors: [{ path: 'view_ids', message: 'must be views of figures of yours' }],
      });
  }

  async #write<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.dataSource.transaction(work);
    } catch (error) {
      if (!hasCode(error, UNIQUE_VIOLATION)) throw error;
      throw new ProblemException(409, { type: 'name_taken', title: 'Você já tem um painel com esse nome' });
    }
  }
}
