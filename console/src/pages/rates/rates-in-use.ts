import type { RateModels } from '../../api/client';
import { RATE_FALLBACK, RATE_STAGE } from '../../words/rate-words';
import { wordOf } from '../../words/words';

type Version = RateModels['versions'][number];

/** Whether a version was made for the policy that decides now: no bid is made with one of another. */
export function isOfActivePolicy({ policy }: Version, { learning }: Pick<RateModels, 'learning'>): boolean {
  return policy === learning?.policy_hash;
}

/** The version whose stage says who is bid for with learned rates; undefined where all bids are the table's. */
export function versionInUse(models: Pick<RateModels, 'learning' | 'versions'>): Version | undefined {
  return models.versions.find((version) => version.state === 'in_force' && isOfActivePolicy(version, models));
}

/**
 * Whether there is anything to return to the table: also where the version in force is of another policy, as the next night's of this
 * one bids by itself, as far as that one had come.
 */
export function mayReturn({
  learning,
  line,
  versions,
}: Pick<RateModels, 'learning' | 'versions' | 'line'>): boolean {
  return learning !== null && line.returned === null && versions.some(({ state }) => state === 'in_force');
}

/** Where rates come from now. */
export function standing(models: Pick<RateModels, 'learning' | 'versions' | 'line' | 'fallback'>): string {
  if (models.learning === null) return 'A política ativa não deixa aprender taxas';
  if (models.line.returned !== null) return 'Todos os lances saem da tabela da política';
  const inUse = versionInUse(models);
  if (inUse !== undefined && models.fallback !== null)
    return `${wordOf(RATE_FALLBACK, models.fallback)}: os lances saem da tabela`;
  if (inUse !== undefined) return `Taxas aprendidas: ${wordOf(RATE_STAGE, inUse.stage).toLowerCase()}`;
  return models.versions.some(({ state }) => state === 'in_force')
    ? 'Sem versão desta política: os lances saem da tabela'
    : 'Ainda sem versão: os lances saem da tabela';
}
