import { Alert, Text } from '@mantine/core';
import type { OperationDetail } from '../../api/client';
import { count, dateTime } from '../../format/format';

/** What has kept QI from binding what secures the loan: since when, how often, why, and whether it still tries ("teimosinha"). */
export function GuaranteeAlert({ guarantee }: { readonly guarantee: OperationDetail['guarantee'] }) {
  if (guarantee === null) return null;
  const {
    refusals,
    refused_since: since,
    last_refused_at: last,
    reasons,
    is_tried_again: isTried,
  } = guarantee;
  return (
    <Alert
      color={isTried ? 'yellow' : 'gray'}
      mt="md"
      title={isTried ? 'A QI tenta a garantia de novo sozinha' : 'A garantia foi recusada'}
      data-guarantee={isTried ? 'tried' : 'over'}
    >
      <Text size="sm">
        {refusals === 1
          ? `Recusada uma vez, em ${dateTime(since)}.`
          : `Recusada ${count(refusals)} vezes desde ${dateTime(since)}, a última em ${dateTime(last)}.`}
      </Text>
      {reasons.map(({ code, meaning, advice }) => (
        <div key={code}>
          <Text size="sm" mt={4} fw={500}>
            {meaning ?? 'Motivo que nenhum manual explica.'}{' '}
            <Text span size="xs" fw={400} className="mono">
              {code}
            </Text>
          </Text>
          {advice !== null && <Text size="sm">{advice}</Text>}
        </div>
      ))}
    </Alert>
  );
}
