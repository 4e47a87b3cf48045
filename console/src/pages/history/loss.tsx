import { Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Loss as LossView } from '../../api/client';
import { count, date, decimal, monthlyRate, share, shift } from '../../format/format';
import { Scroll } from '../../parts/scroll';
import { Loaded } from '../../parts/states';
import { wordOf } from '../../words/words';

/** Why it was lost, as far as anybody can tell, and where bids like it are lost. */
export function Loss({ auctionKey }: { readonly auctionKey: string }) {
  const query = useQuery({
    queryKey: ['loss', auctionKey],
    retry: false,
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/history/auctions/{issuer_proposal_request_key}/loss', {
          params: { path: { issuer_proposal_request_key: auctionKey } },
        }),
      ),
  });
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Por que perdemos
      </Title>
      <Loaded query={query} lines={3}>
        {(loss) => (
          <Stack gap="sm">
            <div>
              <Text size="sm">{rankWords(loss)}</Text>
              <Text size="sm">{distanceWords(loss)}</Text>
            </div>
            <Segments loss={loss} />
          </Stack>
        )}
      </Loaded>
    </Paper>
  );
}

/** In the auction of QI's partners; the borrower chooses among all institutions afterwards. */
function rankWords({ answered, rank_at_bid: atBid, rank_at_end: atEnd }: LossView): string {
  if (!answered)
    return 'A QI não respondeu ao nosso lance: não se sabe se ele chegou a concorrer. Esta perda não conta nas taxas de vitória.';
  if (atEnd === 1)
    return 'Fomos o 1º entre os parceiros da QI; o trabalhador aceitou a oferta de outra instituição, ou nenhuma.';
  const rank = atEnd ?? atBid;
  if (rank === null) return 'A QI não informou a nossa posição.';
  const when = atEnd === null ? ' quando o lance entrou; a posição final a QI não informou' : ' no fim';
  return `Ficamos em ${count(rank)}º entre os parceiros da QI${when}.`;
}

function distanceWords({ answered, likely_winner: likely, monthly_interest_rate: rate }: LossView): string {
  const known = 'A taxa do vencedor a QI nunca informa.';
  if (!answered) return known;
  if (likely === null)
    return `${known} Ainda não temos resultados bastantes neste prazo para estimar a distância.`;
  const points = decimal(shift(likely.distance, 4), 0);
  return `${known} Neste prazo, pelos nossos resultados, ganhamos metade ou mais dos lances a ${monthlyRate(likely.from)} ou menos (${count(likely.won)} de ${count(likely.bids)} lances): este, a ${monthlyRate(rate)}, ficou cerca de ${points} pontos-base acima.`;
}

const SEGMENT: Readonly<Record<string, string>> = {
  row: 'Esta linha da tabela de preços',
  employer: 'Este empregador',
  term: 'Este prazo',
  all: 'Todos os lances',
};

function Segments({ loss: { segments, since } }: { readonly loss: LossView }) {
  return (
    <Scroll>
      <Table aria-label="Onde perdemos">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Desde {date(since)}</Table.Th>
            <Table.Th ta="right">Lances</Table.Th>
            <Table.Th ta="right">Ganhos</Table.Th>
            <Table.Th ta="right">Taxa de vitória</Table.Th>
            <Table.Th ta="right">Entre (95%)</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {segments.map((segment) => (
            <Table.Tr key={segment.by} data-segment={segment.by}>
              <Table.Td>
                {wordOf(SEGMENT, segment.by)}
                <Text size="xs" c="dimmed">
                  {valueWords(segment)}
                </Text>
              </Table.Td>
              <Table.Td ta="right">{count(segment.bids)}</Table.Td>
              <Table.Td ta="right">{count(segment.won)}</Table.Td>
              <Table.Td ta="right">{share(segment.win_rate, 2)}</Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {share(segment.low, 0)} a {share(segment.high, 0)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}

/** An employer is named beside the request; its mark is for machines. */
function valueWords({ by, value }: LossView['segments'][number]): string {
  if (by === 'term') return `${value} parcelas`;
  return by === 'row' ? value : '';
}
