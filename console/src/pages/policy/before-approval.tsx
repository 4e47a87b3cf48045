import { Alert, List, Text } from '@mantine/core';
import type { PolicyVersion } from '../../api/client';
import { count, dateTime, monthlyRate, reais } from '../../format/format';
import { useBacktests } from './backtests';
import { measuredIn } from './measured';
import { useReview } from './reviews';

/** What the approver has seen, and what the approval will be known by. */
export function BeforeApproval({ version }: { readonly version: PolicyVersion }) {
  const review = useReview(version).data;
  const backtests = useBacktests(version).data;
  if (review === undefined || backtests === undefined) return null;
  const { opened_by_you_at: openedAt, comments } = review;
  const unanswered = comments.filter(({ answers }) => answers.length === 0).length;
  return (
    <>
      {openedAt === null ? (
        <Alert color="orange" role="alert" data-unseen>
          Você não abriu a diferença desta versão. A aprovação será registrada assim na auditoria.
        </Alert>
      ) : (
        <Text size="sm">Você abriu a diferença em {dateTime(openedAt)}.</Text>
      )}
      <List size="sm">
        <List.Item>{impactInWords(measuredIn(backtests.items))}</List.Item>
        {unanswered > 0 && (
          <List.Item>
            {unanswered === 1 ? '1 comentário sem resposta' : `${count(unanswered)} comentários sem resposta`}
          </List.Item>
        )}
      </List>
    </>
  );
}

function impactInWords(figures: ReturnType<typeof measuredIn>): string {
  if (figures === undefined) return 'O impacto ainda não foi medido.';
  const { requests, baseline, candidate } = figures;
  return (
    `Em ${count(requests)} pedidos: ${count(candidate.bids)} lances (antes ${count(baseline.bids)}), ` +
    `${reais(candidate.disbursed_amount)} (antes ${reais(baseline.disbursed_amount)}), ` +
    `taxa média ${monthlyRate(candidate.average_monthly_rate)} (antes ${monthlyRate(baseline.average_monthly_rate)}).`
  );
}
