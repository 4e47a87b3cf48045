import type { LinkProps } from '@tanstack/react-router';

/** Somewhere to go. */
export interface Goal {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly note?: string;
  /** The name is a key, to the letter. */
  readonly isLiteral?: boolean;
  readonly to: Pick<LinkProps, 'to' | 'params' | 'search'>;
}

/** The page of what has this key. */
export function placeOf(kind: 'auction' | 'operation' | 'proposal', key: string): Goal['to'] {
  switch (kind) {
    case 'auction':
      return { to: '/historico/$key', params: { key } };
    case 'operation':
      return { to: '/operacoes/$key', params: { key } };
    case 'proposal':
      return { to: '/propostas/$id', params: { id: key } };
  }
}

const MOST = 12;

/** Those whose words hold all that was written, accents and case aside; what begins so comes first. */
export function matching(goals: readonly Goal[], text: string): readonly Goal[] {
  const wanted = plain(text).split(/\s+/).filter(Boolean);
  return goals
    .filter(({ name, note = '' }) => {
      const words = plain(`${name} ${note}`);
      return wanted.every((word) => words.includes(word));
    })
    .map((goal) => ({ goal, isFirst: plain(goal.name).startsWith(wanted[0] ?? '') }))
    .sort((a, b) => Number(b.isFirst) - Number(a.isFirst))
    .slice(0, MOST)
    .map(({ goal }) => goal);
}

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
