import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Decimal, SAO_PAULO } from '../kernel';
import { ActivePolicy, PolicyLibrary, type CompiledLearning } from '../policy';
import { ActiveRateModels } from './active-rate-models.service';
import { doubtsOf, priceOfMoney, type ModelDocument, type NightFigures, type RateTable } from './domain';
import { isWhole, RateModelDocuments } from './rate-model-documents.service';
import { RateModelLife, type LineRow } from './rate-model-life.service';
import type { RateModelDetailView, RateModelListView } from './rate-models.dto';

type VersionView = RateModelListView['versions'][number];
type RunView = RateModelListView['runs'][number];

interface FiguresRow {
  readonly bids: number;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly calibration: VersionView['figures']['calibration'];
  readonly calibrationError: number;
  readonly calibrated: number;
  readonly margin?: { readonly mean: number; readonly low: number; readonly high: number };
  readonly marginDays: number;
  readonly driftAlarms: string[];
  readonly meanMoveBp: number;
  readonly meanDistanceBp: number;
  readonly largestMoveBp: number;
  /** Versions made by a release before have none. */
  readonly rails?: NightFigures['rails'];
  readonly exploration?: NightFigures['exploration'];
}

type VersionRow = Omit<VersionView, 'figures' | 'made_at' | 'approved_at'> & {
  readonly figures: FiguresRow;
  readonly made_at: Date;
  readonly approved_at: Date | null;
};

const VERSIONS = `SELECT number, hash, state, stage, stage_since::text AS stage_since, trained_through::text AS trained_through,
    policy_hash AS policy, parent, made_at, waits_for, approved_by, approved_at, figures FROM rate_model_version`;

/** So far back observations are counted for people. */
const OBSERVED_DAYS = 30;

/** Versions and nights as people read them. */
@Injectable()
export class RateModelsReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly policies: ActivePolicy,
    private readonly library: PolicyLibrary,
    private readonly documents: RateModelDocuments,
    private readonly models: ActiveRateModels,
    private readonly life: RateModelLife,
  ) {}

  async list(): Promise<RateModelListView> {
    const { version, compiled } = this.policies.current();
    const [line, versions, runs, counted, fallback] = await Promise.all([
      this.life.line(this.dataSource.manager),
      this.dataSource.query<VersionRow[]>(`${VERSIONS} ORDER BY number DESC LIMIT 60`),
      this.dataSource.query<
        (Omit<RunView, 'ordered_at' | 'finished_at'> & { ordered_at: Date; finished_at: Date | null })[]
      >(
        `SELECT day::text AS day, policy_hash AS policy, state, reason, version, ordered_by, ordered_at, finished_at
         FROM rate_model_run ORDER BY day DESC, ordered_at DESC LIMIT 30`,
      ),
      this.#observed(compiled.learning?.segmentsHash),
      this.models.fallback(),
    ]);
    const { learning } = compiled;
    const sum = (of: (row: (typeof counted)[number]) => boolean): number =>
      counted.filter(of).reduce((total, { count }) => total + count, 0);
    const refusals = [...new Set(counted.flatMap(({ why }) => why ?? []))].sort();
    return {
      learning:
        learning === undefined
          ? null
          : { policy: version, policy_hash: compiled.hash, mandate: { ...learning.mandate } },
      line: lineView(line),
      fallback: fallback ?? null,
      versions: versions.map(versionView),
      runs: runs.map((run) => ({
        ...run,
        ordered_at: run.ordered_at.toISOString(),
        finished_at: run.finished_at?.toISOString() ?? null,
      })),
      observations: {
        days: OBSERVED_DAYS,
        total: sum(() => true),
        pending: sum(({ pending }) => pending),
        refused: refusals.map((why) => ({ why, count: sum((row) => row.why === why) })),
      },
    };
  }

  /** In the cells of the active policy: no more rows are read than these days have. */
  #observed(
    segments: string | undefined,
  ): Promise<readonly { why: string | null; pending: boolean; count: number }[]> {
    return this.dataSource.query(
      `SELECT refused AS why, ended = 'pending' AS pending, count(*)::int AS count FROM rate_model_observation
       WHERE segments = $1 AND day > (now() AT TIME ZONE '${SAO_PAULO}')::date - ${String(OBSERVED_DAYS)} GROUP BY 1, 2`,
      [segments ?? null],
    );
  }

  /** Undefined when there is none of this hash. */
  async find(hash: string): Promise<RateModelDetailView | undefined> {
    const [row] = await this.dataSource.query<VersionRow[]>(`${VERSIONS} WHERE hash = $1`, [hash]);
    const stored = row && (await this.documents.read(hash));
    if (row === undefined || stored === undefined) return undefined;
    const document = JSON.parse(stored.text) as ModelDocument;
    const learning = await this.#learningOf(row.policy);
    const before = row.parent === null ? undefined : await this.#tableOf(row.parent);
    return {
      ...versionView(row),
      axes: (learning?.axes ?? []).map(({ column, bands }) => ({ field: column, bands: [...bands] })),
      cells: cellsOf(document, learning, before),
      prices: [...document.prices],
      priced_per: priceOfMoney(document).of,
      card: document.card,
      verified: isWhole(stored),
    };
  }

  async #learningOf(policyHash: string): Promise<CompiledLearning | undefined> {
    try {
      return (await this.library.byHash(policyHash))?.compiled.learning;
    } catch {
      return undefined; // this release no longer reads it: its cells are shown without their names
    }
  }

  async #tableOf(hash: string): Promise<RateTable | undefined> {
    const stored = await this.documents.read(hash);
    return stored && (JSON.parse(stored.text) as ModelDocument).tables[0];
  }
}

function lineView(line: LineRow): RateModelListView['line'] {
  const { returned_at: at, returned_by: by, returned_for: code, returned_reason: reason } = line;
  const { resume_asked_at: asked, resume_asked_by: asker, resume_reason: why } = line;
  return {
    returned:
      at === null || by === null || code === null || reason === null
        ? null
        : { at: at.toISOString(), by, code, reason },
    resume_asked:
      asked === null || asker === null || why === null
        ? null
        : { at: asked.toISOString(), by: asker, reason: why },
    resumed_on: line.resumed_on,
  };
}

function versionView({ figures, made_at: made, approved_at: approved, ...row }: VersionRow): VersionView {
  return {
    ...row,
    made_at: made.toISOString(),
    approved_at: approved?.toISOString() ?? null,
    figures: {
      bids: figures.bids,
      first_day: figures.firstDay,
      last_day: figures.lastDay,
      calibration: figures.calibration,
      calibration_error: figures.calibrationError,
      calibrated: figures.calibrated,
      margin: figures.margin ?? null,
      margin_days: figures.marginDays,
      drift_alarms: figures.driftAlarms,
      mean_move_bp: figures.meanMoveBp,
      mean_distance_bp: figures.meanDistanceBp,
      largest_move_bp: figures.largestMoveBp,
      doubts: [...doubtsOf(figures, row.trained_through)],
      rails: railsView(figures.rails),
      exploration: explorationView(figures.exploration),
    },
  };
}

function railsView(rails: FiguresRow['rails']): VersionView['figures']['rails'] {
  if (rails === undefined) return null;
  return { at_floor: rails.atFloor, at_ceiling: rails.atCeiling, new_at_ceiling: rails.newAtCeiling };
}

function explorationView(cost: FiguresRow['exploration']): VersionView['figures']['exploration'] {
  if (cost === undefined) return null;
  return {
    days: cost.days,
    bids: cost.bids,
    tried: cost.tried,
    cost: cost.cost.toFixed(2),
    expected: cost.expected.toFixed(2),
    part: cost.expected > 0 ? cost.cost / cost.expected : null,
    budget: cost.budget,
  };
}

function cellsOf(
  { tables: [table = []], expected }: ModelDocument,
  learning: CompiledLearning | undefined,
  before: RateTable | undefined,
): RateModelDetailView['cells'] {
  return table.flatMap((cell, at) => {
    const place = learning?.cells[at];
    if (learning !== undefined && place === undefined) return []; // no row of the policy is for it
    const hoped = expected[at] ?? undefined;
    return [
      {
        cell: at,
        bands: learning === undefined ? [] : bandsAt(learning, at),
        price_row: place?.row ?? null,
        reference_bp: place?.referenceBp ?? null,
        floor_bp: cell.floorBp,
        ceiling_bp: cell.ceilingBp,
        rates: cell.ratesBp.map((rate, step) => ({
          amount_from: cell.stepsFrom[step - 1] ?? null,
          rate_bp: rate,
          before_bp: before?.[at]?.ratesBp[step] ?? null,
        })),
        step_bp: cell.exploration.stepBp,
        propensities: [...cell.exploration.propensities],
        win: hoped === undefined ? null : hoped.win / 10_000,
        margin: hoped === undefined ? null : new Decimal(hoped.marginCents).dividedBy(100).toFixed(2),
      },
    ];
  });
}

/** The last axis is fastest. */
function bandsAt({ axes }: CompiledLearning, cell: number): string[] {
  const names: string[] = [];
  let left = cell;
  for (const { bands } of axes.toReversed()) {
    names.unshift(bands[left % bands.length] ?? '');
    left = Math.floor(left / bands.length);
  }
  return names;
}
