import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client';
import { date, monthlyRate, percent, reais } from '../../format/format';
import { Facts } from '../../parts/facts';
import { Loaded } from '../../parts/states';
import { MARGIN_PART, NO_MARGIN } from '../../words/result-words';
import { wordOf } from '../../words/words';

/** What the latest bid of an auction is worth to the house, part by part, or why that is not known. */
export function BidMargin({ auctionKey }: { readonly auctionKey: string }) {
  const query = useQuery({
    queryKey: ['bid-margin', auctionKey],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/history/auctions/{issuer_proposal_request_key}/margin', {
          params: { path: { issuer_proposal_request_key: auctionKey } },
        }),
      ),
  });
  return (
    <Loaded query={query} lines={4}>
      {({ unknown, worth }) =>
        worth === null ? (
          <Text>Sem margem calculada: {wordOf(NO_MARGIN, unknown)}.</Text>
        ) : (
          <>
            <Facts
              columnWidth="11rem"
              items={[
                ['Margem', reais(worth.margin)],
                ['Sobre o funding', monthlyRate(worth.margin_rate)],
                ['Taxa de equilíbrio', monthlyRate(worth.break_even_rate)],
                [wordOf(MARGIN_PART, 'interest'), reais(worth.interest)],
                [wordOf(MARGIN_PART, 'discount'), reais(worth.discount)],
                [wordOf(MARGIN_PART, 'rebate'), reais(worth.rebate)],
                [wordOf(MARGIN_PART, 'funding'), reais(worth.funding)],
                [wordOf(MARGIN_PART, 'prepayment'), reais(worth.prepayment)],
                [wordOf(MARGIN_PART, 'expected_loss'), reais(worth.expected_loss)],
                ['Tarifas que pagamos', reais(worth.fees)],
                ['Custo operacional', reais(worth.cost)],
              ]}
            />
            <Text size="sm" c="dimmed" mt="sm">
              Em reais de hoje, se for desembolsado; espera-se que {percent(worth.paid_out_share)} dos ganhos
              o sejam. Insumos da política a partir de {date(worth.inputs_from)}, segmento {worth.segment}.
            </Text>
          </>
        )
      }
    </Loaded>
  );
}
