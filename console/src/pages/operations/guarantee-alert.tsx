import { Alert, Text } from '@mantine/core';
import { Literal } from '../../parts/literal';
import type { OperationDetail } from '../../api/client';
import { count, dateTime } from '../../format/format';
import { GUARANTEE_OUTCOME, wordOf } from '../../words/words';

type Guarantee = NonNullable<OperationDetail['guarantee']>;

/** What has kept QI from binding what secures the loan, and whether it still tries by itself ("teimosinha"). */
export function GuaranteeAlert({ guarantee }: { readonly guarantee: OperationDetail['guarantee'] }) {
  if (guarantee === null) return null;
  const { outcome, reasons } = guarantee;
  if (outcome === 'bound')
    return (
      <Text size="sm" c="dimmed" mt="md" data-guarantee={outcome}>
        Garantia averbada depois de recusada. {howOften(guarantee)}
      </Text>
    );
  return (
    <Alert
      color={outcome === 'tried_again' ? 'yellow' : 'orange'}
      mt="md"
      title={wordOf(GUARANTEE_OUTCOME, outcome)}
      data-guarantee={outcome}
    >
      <Text size="sm">{howOften(guarantee)}</Text>
      {reasons.map(({ code, meaning, advice, tried_until: until }) => (
        <div key={code}>
          <Text size="sm" mt={4} fw={500}>
            {meaning ?? 'Motivo que nenhum manual explica.'} <Literal size="xs">{code}</Literal>
          </Text>
          {advice !== null && <Text size="sm">{advice}</Text>}
          {until !== null && <Text size="sm">A QI tenta até {dateTime(until)}.</Text>}
        </div>
      ))}
    </Alert>
  );
}

function howOften({ refusals, refused_since: since, last_refused_at: last }: Guarantee): string {
  return refusals === 1
    ? `Recusada uma vez, em ${dateTime(since)}.`
    : `Recusada ${count(refusals)} vezes desde ${dateTime(since)}, a última em ${dateTime(last)}.`;
}
